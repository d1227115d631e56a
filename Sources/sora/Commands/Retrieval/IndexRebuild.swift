import ArgumentParser
import Retrieval

struct IndexRebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make what is searched anew from the catalogue, which holds all vectors.",
        discussion: """
            How vectors are arranged is chosen by their number: one after the other up to 20,000, a graph (HNSW) up to three \
            million, compressed lists (IVF-PQ) beyond. --kind says it outright.

            Example:
              sora index rebuild films
              sora index rebuild films --kind graph
            """)

    /// Ways to arrange vectors.
    enum Kind: String, ExpressibleByArgument, CaseIterable { case flat, graph, lists }

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Option(help: "How vectors are arranged: flat, graph or lists.")
    var kind: Kind?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let search = try SearchIndex(opening: index)
        let count = try search.catalogue.segmentCount()
        let dimensions = search.catalogue.settings.dimensions
        let chosen: FAISSIndex.Kind? = kind.map {
            switch $0 {
            case .flat: .flat
            case .graph: .graph(links: 32)
            case .lists: .lists(count: max(1, min(1 << 14, count / 40)), bytes: max(1, dimensions / 4))
            }
        }
        try search.rebuild(chosen)
        struct Report: Encodable {
            var index: String
            var segments: Int
        }
        Console.result(
            common.json
                ? try Report(index: index, segments: count).jsonLine()
                : "\(index): \(counted(count, "segment")) ready to search")
    }
}
