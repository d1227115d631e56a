import Datasets
import Foundation
import Retrieval
import Training

/// How well copies were found.
struct CopyJudgement: Encodable {
    /// Figures of some copies.
    struct Figures: Encodable {
        var copies = 0
        /// Over all pairs of a copy and a video.
        var microAP: Double?
        /// The mean over copies of the average precision of their videos.
        var meanAP: Double?
        var first: Double?
        var firstFive: Double?
        /// Seconds, the median of starts and ends of copies that were found.
        var timeError: Double?
        /// The perceptual hash's micro-average precision.
        var hashMicroAP: Double?
    }

    var all: Figures
    var byEdit: [String: Figures]
    var videos: Int

    /// What a copy was scored with.
    private struct Row {
        var copy: CopyMaker.Copy
        /// The best score of each video.
        var scores: [Int64: Double]
        var hashes: [Int64: Double]
        /// The video it was made of.
        var source: Int64
        /// How far off the start and the end of the best moment in it are, in seconds.
        var errors: [Double]
    }

    /// Looks for copies.
    /// - Parameters:
    ///   - index: of the videos that they are looked for among.
    ///   - seen: what the copies look like, by their files.
    init(_ index: IndexArgument, _ seen: Catalogue, _ copies: [CopyMaker.Copy]) throws {
        let search = try MomentSearch(SearchIndex(opening: index.folder))
        let known = try index.catalogue.videos()
        let hashes = known.map { (id: $0.id, hash: try? PerceptualHash(of: $0.path)) }
        var rows: [Row] = []
        let progress = ProgressBar(total: copies.count, style: Console.progressStyle, sink: Console.progress)
        for copy in copies {
            guard let source = known.first(where: { $0.path == copy.source }),
                let video = try seen.video(at: Indexer.place(of: copy.path)),
                let query = try AnalyzedVideo(video, in: seen)
            else { continue }
            let moments = try search.moments(like: query, count: known.count)
            var row = Row(copy: copy, scores: [:], hashes: [:], source: source.id, errors: [])
            for moment in moments {
                row.scores[moment.video.id] = max(row.scores[moment.video.id] ?? -2, moment.score)
            }
            if let found = moments.first(where: { $0.video.id == source.id && $0.alignment != nil }) {
                row.errors = [abs(found.start - copy.start), abs(found.end - copy.end)]
            }
            let own = try PerceptualHash(of: copy.path)
            for case (let id, let hash?) in hashes { row.hashes[id] = own.likeness(to: hash) }
            rows.append(row)
            progress.show(progress.done + 1, copy.edit.rawValue)
        }
        progress.clear()
        videos = known.count
        let ids = known.map(\.id)
        all = Self.figures(rows, ids)
        byEdit = Dictionary(grouping: rows) { "\($0.copy.edit.rawValue) \($0.copy.strength)" }.mapValues {
            Self.figures($0, ids)
        }
    }

    private static func figures(_ rows: [Row], _ ids: [Int64]) -> Figures {
        guard !rows.isEmpty else { return Figures() }
        func micro(_ scores: (Row) -> [Int64: Double]) -> Double? {
            let pairs = rows.flatMap { row in ids.map { (scores(row)[$0] ?? -2, $0 == row.source) } }
            return RankedScores(pairs.map(\.0), isPositive: pairs.map(\.1)).averagePrecision()
        }
        // One video is right for each copy: its average precision is 1 / its rank.
        let ranks = rows.map { row in
            let own = row.scores[row.source] ?? -2
            return 1 + ids.count { $0 != row.source && (row.scores[$0] ?? -2) >= own }
        }
        func share(_ most: Int) -> Double { Double(ranks.count { $0 <= most }) / Double(ranks.count) }
        let errors = rows.flatMap(\.errors).sorted()
        return Figures(
            copies: rows.count, microAP: micro(\.scores),
            meanAP: ranks.reduce(0) { $0 + 1 / Double($1) } / Double(ranks.count), first: share(1), firstFive: share(5),
            timeError: errors.isEmpty ? nil : errors[errors.count / 2], hashMicroAP: micro(\.hashes))
    }

    var text: String {
        func row(_ name: String, _ figures: Figures) -> String {
            func shown(_ value: Double?) -> String { value.map { String(format: "%8.3f", $0) } ?? "       -" }
            return name.padding(toLength: 16, withPad: " ", startingAt: 0) + String(format: "%7d", figures.copies)
                + [
                    figures.microAP, figures.meanAP, figures.first, figures.firstFive, figures.timeError,
                    figures.hashMicroAP,
                ]
                .map(shown).joined()
        }
        let head = "edit             copies microAP     mAP   top 1   top 5 seconds   pHash"
        return ([head] + byEdit.keys.sorted().map { row($0, byEdit[$0] ?? Figures()) } + [row("all", all)])
            .joined(separator: "\n")
    }
}
