import ArgumentParser
import Foundation
import Retrieval
import SoraModel

struct IndexReembed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reembed",
        abstract: "Make an index anew with another model.",
        discussion: """
            All videos of the index are decoded again. The old index stays as it is until the new one is complete, and is \
            kept beside it.

            Example:
              sora index reembed films --model better.safetensors
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Option(help: "A model file; the default model where not given.", completion: .file())
    var model: String?

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    func run() throws {
        let old = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        let made = index + ".new"
        let next = try IndexArgument(
            at: made, model: model ?? DefaultModel.name, cutting: old.settings.cutting, compute: compute)
        var run = IndexRun(index: next, json: common.json)
        try run.add(try old.videos().map(\.path))
        try next.catalogue.takeLabels(of: old)
        try IndexFiles.exchange(index, for: made, keeping: index + ".old")
        if !common.json { Console.result("\(index): made anew; what it was is in \(index).old") }
    }
}
