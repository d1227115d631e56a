import ArgumentParser
import Retrieval

struct Recommend: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find more like some segments of an index, and less like others.",
        discussion: """
            Segments are called by their numbers, which 'sora search', 'sora cluster' and 'sora tag' show. With --diverse each of \
            what is shown is also unlike what stands above it.

            Example:
              sora recommend films --more 12,40
              sora recommend films --more 12 --less 7,8 --diverse 0.3
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Option(help: ArgumentHelp("Segments to find more like.", valueName: "segment,…"))
    var more: SegmentList

    @Option(help: ArgumentHelp("Segments to find less like.", valueName: "segment,…"))
    var less = SegmentList(numbers: [])

    @Option(help: "How much being unlike the others counts, 0 to 1.")
    var diverse = 0.0

    @Option(help: "How many to show.")
    var count = 10

    @OptionGroup(title: "Filters") var filters: FilterOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--diverse", diverse, 0...1)
        try Bounds.check("--count", count, 1...10_000, "segments")
    }

    func run() throws {
        let search = try MomentSearch(SearchIndex(opening: index))
        let taste = Taste(more: more.numbers, less: less.numbers, diversity: diverse)
        let moments = try search.moments(for: taste, count: count, filter: filters.filter)
        for moment in moments {
            let line = MomentLine(moment)
            Console.result(try common.json ? line.jsonLine() : line.text())
        }
        if moments.isEmpty, !common.json { Console.result("nothing found") }
    }
}
