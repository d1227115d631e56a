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

            --sampling fast takes key frames, and frames that others refer to, near those the model asks for; --reuse T \
            sends a frame through the network only if it differs from the last one that went by more than T. A line for \
            each file says how far off the frames were and what share was saved, and with --compare the cosine of the \
            embedding and the full one.

            Without a model, the one that comes with sora is taken: it was trained on clips that sora drew, and knows \
            textures and motion, but no things. All other commands take it by the name 'default'.

            Example:
              sora embed clips/*.mp4 --out vectors.npy
              sora embed model.safetensors clips/*.mp4 --out vectors.npy
              sora embed model.safetensors clip.mp4 --json
              sora embed model.safetensors camera/*.mp4 --out vectors.npy --sampling fast --reuse 2
            """)

    @Argument(
        help: ArgumentHelp("A model file, if not the default model, and video files.", valueName: "model|file"),
        completion: .file())
    var arguments: [String]

    @Option(help: "A file ending in .npy, .csv or .jsonl.", completion: .file())
    var out: String?

    @OptionGroup var input: InputOptions
    @OptionGroup var common: CommonOptions

    /// A row of the table, and what its shortcuts came to, as one JSON object.
    private struct Line: Encodable {
        var row: EmbeddingTable.Row
        var shortcuts: Shortcuts

        func encode(to encoder: any Encoder) throws {
            try row.encode(to: encoder)
            try shortcuts.encode(to: encoder)
        }
    }

    func validate() throws {
        if let out { _ = try TableFormat(path: out) }
        guard !files.isEmpty else { throw ValidationError("give video files") }
        if out == nil, !common.json { throw ValidationError("give --out FILE, or --json to print the vectors") }
    }

    /// The first argument, if it is a model.
    private var modelPath: String? { arguments.first.flatMap { ModelArgument.isModel($0) ? $0 : nil } }

    private var files: [String] { Array(arguments.dropFirst(modelPath == nil ? 0 : 1)) }

    func run() throws {
        if let out { try OutputPath.requireFile(out) }
        if modelPath == nil { Console.note("note: no model file is named, so the vectors are the default model's") }
        let name = modelPath ?? DefaultModel.name
        let model = try ModelArgument.read(name)
        if !model.shelf.isHeadTrained {
            Console.note(
                "note: \(name) has a trained backbone and classifiers; the layers that make its embedding were never trained, "
                    + "so it says less than it could")
        }
        var table = EmbeddingTable()
        // What was embedded is written even if some files failed: the failure is told at the end.
        let result = Result {
            try input.predict(model, files: files, json: common.json) { outcome in
                table.append(outcome)
                let shortcuts = Shortcuts(outcome, input)
                if outcome.damagedCount > 0 {
                    let frames = outcome.damagedCount == 1 ? "1 frame is" : "\(outcome.damagedCount) frames are"
                    Console.note("note: \(outcome.path): \(frames) damaged")
                }
                if common.json, let row = table.rows.last {
                    Console.result(try Line(row: row, shortcuts: shortcuts).jsonLine())
                } else if !shortcuts.text.isEmpty {
                    Console.result("\(outcome.path)  \(shortcuts.text)")
                }
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
