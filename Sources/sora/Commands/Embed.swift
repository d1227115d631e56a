import ArgumentParser
import Foundation
import Media
import SoraModel

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn video files into vectors of length 1.",
        discussion: """
            --out names an .npy array [file, size], or a .csv or .jsonl file with the paths. Files that fail are left \
            out; with .npy, the paths of its rows are written beside it, to OUT.paths.txt.

            Example:
              sora embed model.safetensors clips/*.mp4 --out vectors.npy
              sora embed model.safetensors clip.mp4 --json
            """)

    @Argument(help: "A model file.", completion: .file())
    var model: String

    @Argument(help: "Video files.", completion: .file())
    var files: [String]

    @Option(help: "A file ending in .npy, .csv or .jsonl.", completion: .file())
    var out: String?

    @OptionGroup var input: InputOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let out { _ = try EmbeddingTable.Format(path: out) }
        if out == nil, !common.json { throw ValidationError("give --out FILE, or --json to print the vectors") }
    }

    func run() throws {
        if let out { try OutputPath.requireFile(out) }
        let model = try ModelArgument.read(model)
        var table = EmbeddingTable()
        // What was embedded is written even if some files failed: the failure is told at the end.
        let result = Result {
            try input.predict(model, files: files, json: common.json) { outcome in
                table.append(outcome)
                if common.json, let row = table.rows.last { Console.result(try row.jsonLine()) }
            }
        }
        if let out, !table.rows.isEmpty {
            try table.write(to: out)
            if !common.json {
                let vectors = table.rows.count == 1 ? "1 vector" : "\(table.rows.count) vectors"
                Console.result("\(vectors) of \(table.rows[0].embedding.count) numbers -> \(out)")
            }
        }
        try result.get()
    }
}
