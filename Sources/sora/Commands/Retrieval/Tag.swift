import ArgumentParser
import Foundation
import Media
import Retrieval

struct Tag: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Label a few segments of an index, and spread the labels over all others.",
        discussion: """
            A label is given to a segment by its number, or by a video and a time in it. 'spread' fits a small classifier to the \
            labels given and labels all other segments where it is sure enough; 'next' names the segments whose labels would \
            teach it most.

            Example:
              sora tag give films goal --segment 42
              sora tag give films "no goal" --video videos/match.mp4 --time 63.5
              sora tag next films
              sora tag spread films --above 0.8
              sora search films --label goal
            """,
        subcommands: [TagGive.self, TagTake.self, TagNext.self, TagSpread.self, TagList.self])
}

/// A segment, by its number or by a time in a video.
struct SegmentArgument: ParsableArguments {
    @Option(help: "The number of a segment.")
    var segment: Int64?

    @Option(help: "A video of the index.", completion: .file())
    var video: String?

    @Option(help: "With --video: a time in it, in seconds.")
    var time: Double?

    func validate() throws {
        guard (segment == nil) != (video == nil), (video == nil) == (time == nil) else {
            throw ValidationError("give either --segment, or --video and --time")
        }
        try Bounds.check("--time", time, 0...1e9, "seconds")
    }

    /// - Throws: `RetrievalError.request` if there is no such segment.
    func number(in catalogue: Catalogue) throws -> Int64 {
        if let segment {
            guard try catalogue.segments([segment])[segment] != nil else {
                throw RetrievalError(
                    .request,
                    "\(catalogue.path): there is no segment \(segment); 'sora search --json' shows their numbers")
            }
            return segment
        }
        let path = Indexer.place(of: video ?? "")
        guard let known = try catalogue.video(at: path) else {
            throw RetrievalError(.request, "\(path): is not in the index; 'sora index add' adds it")
        }
        let time = time ?? 0
        // Windows overlap: the one whose middle is nearest.
        let around = try catalogue.segments(of: known.id).filter { $0.start.seconds <= time && time < $0.end.seconds }
        func distance(_ segment: Segment) -> Double { abs((segment.start.seconds + segment.end.seconds) / 2 - time) }
        guard let nearest = around.min(by: { distance($0) < distance($1) }) else {
            throw RetrievalError(
                .request, "\(path): has no segment at \(time) s; it lasts \(String(format: "%.1f", known.duration)) s")
        }
        return nearest.id
    }
}

struct TagGive: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "give", abstract: "Give a segment a label.",
        discussion: """
            Example:
              sora tag give films goal --segment 42
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Argument(help: "The label.")
    var label: String

    @OptionGroup var segment: SegmentArgument

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !label.trimmingCharacters(in: .whitespaces).isEmpty, label.count <= 200 else {
            throw ValidationError("a label has 1 to 200 characters")
        }
    }

    func run() throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        let number = try segment.number(in: catalogue)
        try catalogue.label(number, Catalogue.Label(name: label, isGiven: true, probability: 1))
        struct Report: Encodable {
            var segment: Int64
            var label: String
        }
        Console.result(
            common.json
                ? try Report(segment: number, label: label).jsonLine() : "segment \(number) is labelled \(label)")
    }
}

struct TagTake: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take", abstract: "Take a label from a segment.",
        discussion: """
            Example:
              sora tag take films goal --segment 42
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Argument(help: "The label.")
    var label: String

    @OptionGroup var segment: SegmentArgument

    @OptionGroup var common: CommonOptions

    func run() throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        let number = try segment.number(in: catalogue)
        guard try catalogue.removeLabel(label, from: number) else {
            throw RetrievalError(
                .request, "\(index): segment \(number) has no label \(label); 'sora tag list' shows those there are")
        }
        struct Report: Encodable {
            var segment: Int64
            var taken: String
        }
        Console.result(
            common.json
                ? try Report(segment: number, taken: label).jsonLine()
                : "segment \(number) has no label \(label) any more")
    }
}

struct TagNext: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "Name the segments whose labels would teach most.",
        discussion: """
            As long as there are no labels, segments as unlike each other as there are; then those that the classifier is least \
            sure about.

            Example:
              sora tag next films --count 5
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Option(help: "How many to name.")
    var count = 1

    @OptionGroup var common: CommonOptions

    func validate() throws { try Bounds.check("--count", count, 1...10_000, "segments") }

    private struct Line: Encodable {
        var segment: Int64
        var path: String
        var start: Double
        var end: Double
        /// How likely each label is; empty where there are none yet.
        var labels: [String: Double]
    }

    func run() throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        let tagger = try catalogue.givenLabels().isEmpty ? nil : Tagger(catalogue)
        let numbers = try tagger?.mostUseful(in: catalogue, count: count) ?? catalogue.mostDifferent(count: count)
        let known = try catalogue.segments(numbers)
        for number in numbers {
            guard let (segment, id) = known[number], let video = try catalogue.video(id) else { continue }
            let line = Line(
                segment: number, path: video.path, start: segment.start.seconds, end: segment.end.seconds,
                labels: try tagger.map {
                    Dictionary(uniqueKeysWithValues: zip($0.names, try $0.probabilities(segment.vector)))
                } ?? [:])
            Console.result(try common.json ? line.jsonLine() : text(line))
        }
        if numbers.isEmpty, !common.json { Console.result("\(index): there is no segment left to label") }
    }

    private func text(_ line: Line) -> String {
        let guesses = line.labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(2).map {
            "\($0.key) \(String(format: "%.0f%%", 100 * $0.value))"
        }
        return "segment \(line.segment)  \(Clock.text(line.start)) - \(Clock.text(line.end))  \(line.path)"
            + (guesses.isEmpty ? "" : "  (\(guesses.joined(separator: ", ")))")
    }
}

struct TagSpread: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spread", abstract: "Label all other segments where the classifier is sure enough.",
        discussion: """
            What was spread before is replaced; labels that were given stay. Shown is also of how many of the labels given the \
            classifier would be right if it had seen none of their videos.

            Example:
              sora tag spread films --above 0.8
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Option(help: "How likely a label has to be, 0 to 1.")
    var above = 0.5

    @OptionGroup var common: CommonOptions

    func validate() throws { try Bounds.check("--above", above, 0...1) }

    private struct Line: Encodable {
        var label: String
        var given: Int
        var spread: Int
        var accuracy: Double?
    }

    func run() throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        let tagger = try Tagger(catalogue)
        let spread = try tagger.spread(over: catalogue, above: above)
        for place in tagger.names.indices {
            let line = Line(
                label: tagger.names[place], given: tagger.counts[place], spread: spread[place],
                accuracy: tagger.accuracy)
            Console.result(
                try common.json
                    ? line.jsonLine()
                    : "\(line.label): given to \(counted(line.given, "segment")), spread to \(line.spread)")
        }
        guard !common.json else { return }
        Console.result(
            tagger.accuracy.map {
                String(format: "%.0f%% of the labels given are right without their own video", 100 * $0)
            }
                ?? "how right that is cannot be said: give each label, of two at least, in two videos at least")
    }
}

struct TagList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the labels of an index.",
        discussion: """
            Example:
              sora tag list films
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        let counts = try Catalogue(opening: IndexFiles(folder: index).catalogue).labelCounts()
        for count in counts {
            Console.result(
                try common.json
                    ? count.jsonLine()
                    : "\(count.name): given to \(counted(count.given, "segment")), spread to \(count.derived)")
        }
        if counts.isEmpty, !common.json {
            Console.result("\(index): no segment has a label yet; 'sora tag give' gives one")
        }
    }
}
