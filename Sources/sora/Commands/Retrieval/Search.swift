import ArgumentParser
import Foundation
import Media
import Retrieval
import Training

struct Search: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find where something occurs in an index: which video, from when to when.",
        discussion: """
            The query is a clip or a part of one, a picture, a segment of the index, or a label. What is found is ranked by how \
            likely it is the same footage, and after that by how alike it looks (the cosine, after ~). --pairs shows which frames \
            go together.

            Example:
              sora search films --clip part.mp4
              sora search films --clip film.mp4 --from 12.5 --to 18 --count 5
              sora search films --image still.jpg --json
              sora search films --like 42 --path holiday
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Option(help: "A video to look for.", completion: .file())
    var clip: String?

    @Option(help: "With --clip: where the part to look for begins, in seconds.")
    var from: Double?

    @Option(help: "With --clip: where it ends, in seconds.")
    var to: Double?

    @Option(help: "A picture to look for.", completion: .file())
    var image: String?

    @Option(help: "The number of a segment to look for others like it.")
    var like: Int64?

    @Option(help: "A label to look for.")
    var label: String?

    @Option(help: "How many moments to show.")
    var count = 10

    @Option(help: "Only what is at least so likely, 0 to 1.")
    var probability = 0.0

    @Flag(help: "Show which frames go together.")
    var pairs = false

    @OptionGroup(title: "Filters") var filters: FilterOptions

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard [clip, image, label, like.map(String.init)].compactMap(\.self).count == 1 else {
            throw ValidationError("give one of --clip, --image, --like and --label")
        }
        if clip == nil, from != nil || to != nil { throw ValidationError("--from and --to go with --clip") }
        try Bounds.check("--from", from, 0...1e9, "seconds")
        try Bounds.check("--to", to, 0...1e9, "seconds")
        if let from, let to, from >= to { throw ValidationError("--from must lie before --to") }
        try Bounds.check("--count", count, 1...10_000, "moments")
        try Bounds.check("--probability", probability, 0...1)
    }

    func run() throws {
        let argument = try IndexArgument(opening: index, compute: compute)
        let search = try MomentSearch(SearchIndex(opening: index))
        let moments: [Moment]
        if let label {
            moments = try search.moments(labelled: label, count: count, filter: filters.filter)
        } else if let like {
            moments = try search.moments(likeSegment: like, count: count, filter: filters.filter)
        } else {
            let analyzer = try argument.analyzer()
            let query =
                try image.map { try analyzer.analyze(picture: $0, for: .query) }
                ?? analyzer.analyze(
                    clip ?? "", for: .query, start: from.map(MediaTime.init(seconds:)),
                    end: to.map(MediaTime.init(seconds:)))
            for warning in query.warnings { Console.note("note: \(image ?? clip ?? ""): \(warning)") }
            moments = try search.moments(like: query, count: count, filter: filters.filter)
        }
        let kept = moments.filter { $0.probability >= probability }
        for moment in kept {
            let line = MomentLine(moment)
            Console.result(try common.json ? line.jsonLine() : line.text(showsPairs: pairs))
        }
        if kept.isEmpty, !common.json { Console.result("nothing found") }
    }
}
