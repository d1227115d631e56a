import ArgumentParser
import Datasets
import Foundation
import Retrieval

struct IndexSync: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Bring an index up to date: take out files that are gone, index anew those that have changed.",
        discussion: """
            Example:
              sora index sync films
              sora index sync films videos/
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Argument(
        help: "Folders to look for new videos in, and to take out what is gone below them; all where none is given.")
    var folders: [String] = []

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    func run() throws {
        let index = try IndexArgument(opening: index, compute: compute)
        var run = IndexRun(index: index, json: common.json)
        let there = try index.catalogue.videos().map(\.path).filter(FileManager.default.fileExists(atPath:))
        // New files first: one that was moved keeps its vectors.
        let videos = Set(try Manifest.videos(at: folders) + there).sorted()
        try run.add(videos, removingMissingBelow: folders)
    }
}
