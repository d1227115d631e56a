import Datasets
import Foundation
import Media
import Reports

/// The page of `sora prepare --report`.
struct PreparePage {
    private let outcome: PrepareOutcome
    private let strips = ClipStrips()

    init(_ outcome: PrepareOutcome) { self.outcome = outcome }

    private var diagnosis: Diagnosis { outcome.diagnosis }
    private var manifest: Manifest { outcome.manifest }

    func write(to path: String) throws {
        var sections: [Page.Section] = []
        if !diagnosis.problems.isEmpty {
            sections.append(
                Page.Section(
                    "What was found", lead: "The gravest first. Every clip and pair is listed by --json.",
                    body: try .findings(diagnosis.problems.map(finding))))
        }
        sections.append(plan)
        sections.append(Page.Section("What the clips are like", body: charts))
        sections.append(samples)
        let page = Page(
            kind: "Dataset report", title: name, summary: outcome.verdict, tone: tone,
            sections: [Page.Section("", body: tiles)] + sections,
            footer: "Made by 'sora prepare \(manifest.source)'. Clips were compared by \(diagnosis.close.measure), and "
                + String(format: "taken for copies from a similarity of %.2f on.", diagnosis.close.threshold))
        try page.write(to: path)
    }

    private var name: String {
        URL(fileURLWithPath: manifest.source).standardizedFileURL.lastPathComponent
    }

    private var tone: Page.Tone {
        switch diagnosis.problems.first?.severity {
        case .error?: .error
        case .warning?: .warning
        case .note?: .note
        case nil: .good
        }
    }

    private var tiles: HTML {
        let totals = outcome.totals
        let facts = diagnosis.clips.compactMap(\.facts)
        let lengths = facts.map(\.seconds).sorted()
        let median = lengths.isEmpty ? "" : String(format: "median %.1f s", lengths[lengths.count / 2])
        let unusable = diagnosis.unusableCount
        return .tiles([
            Tile(
                "Clips", "\(manifest.items.count)",
                remark: unusable == 0 ? "all can be read" : "\(unusable) cannot be read"),
            Tile("Classes", "\(manifest.classes.count)"),
            Tile("In all", Words.duration(totals.seconds), remark: median),
            Tile("On disk", Words.size(totals.bytes)),
            Tile("Most common", totals.size, remark: String(format: "at %.2f frames/s", totals.rate)),
            Tile("Sound", "\(facts.count(where: \.hasAudio))", remark: "clips have it"),
        ])
    }

    // MARK: - Problems

    private static let cardsShown = 12
    private static let pairsShown = 24
    private static let linesShown = 100

    private func finding(_ problem: Problem) -> Finding {
        let tone: Page.Tone =
            switch problem.severity {
            case .error: .error
            case .warning: .warning
            case .note: .note
            }
        var body = HTML.empty
        if !problem.pairs.isEmpty {
            let shown = problem.leadingPairs.prefix(Self.pairsShown)
            body =
                .pairs(shown.map(pair))
                + .more(problem.pairs.count - shown.count, of: "pairs among these and other clips")
        } else if [.unreadable, .missing, .groupAcrossSplit].contains(problem.kind) {
            let shown = problem.places.prefix(Self.linesShown)
            body =
                .files(shown.map { (path: $0.path, remark: $0.detail) })
                + .more(problem.places.count - shown.count, of: "clips")
        } else if !problem.places.isEmpty {
            let shown = problem.places.prefix(Self.cardsShown)
            body =
                .clips(
                    shown.map { place in place.clip.map { card($0, remark: place.detail) } ?? ClipCard(path: place.path)
                    })
                + .more(problem.places.count - shown.count, of: "clips")
        }
        return Finding(
            tone, problem.title.capitalizedFirst, advice: problem.advice, body: body, isOpen: problem.severity != .note)
    }

    private func pair(_ pair: Problem.Pair) -> ClipPair {
        let (one, other) = (manifest.items[pair.match.first], manifest.items[pair.match.second])
        let parts = [one.part, other.part].compactMap { $0?.rawValue }
        return ClipPair(
            pair.detail.capitalizedFirst, remark: Set(parts).count == 2 ? parts.joined(separator: " and ") : "",
            first: card(pair.match.first), second: card(pair.match.second))
    }

    private func card(_ clip: Int, remark: String? = nil) -> ClipCard {
        let item = manifest.items[clip]
        let labels = item.labels.map { manifest.classes[$0] }.joined(separator: ", ")
        let shape = diagnosis.clips[clip].facts.map {
            String(format: "%dx%d, %.1f s", $0.width, $0.height, $0.seconds)
        }
        return ClipCard(
            path: item.path, picture: strips.strip(of: item), label: labels, remark: remark ?? shape ?? "")
    }

    // MARK: - What is proposed, and what there is

    private var plan: Page.Section {
        switch outcome.proposal {
        case .failure(let error):
            return Page.Section("No split is proposed", body: .paragraph("\(error)"))
        case .success(let proposal):
            let counts = PartCounts(proposal.manifest)
            let parts = ["train", "validation", "test"]
            let used = parts.indices.filter { part in counts.counts.contains { $0[part] > 0 } }
            let groups = proposal.grouping.count
            var lead = "\(proposal.grouping.reason) "
            if groups > 0 { lead += "\(groups) groups have two clips or more. " }
            lead += proposal.splitReason
            let left = proposal.unusable.count + proposal.copies.count
            if left > 0 { lead += " Left out: \(proposal.leftOut)." }
            return Page.Section(
                "Proposed groups and split", lead: lead,
                body: Table.heat(
                    rows: counts.classes, columns: used.map { parts[$0] },
                    values: counts.counts.map { row in used.map { Double(row[$0]) } }))
        }
    }

    private var charts: HTML {
        let facts = diagnosis.clips.compactMap(\.facts)
        func counted(_ values: [String], _ title: String, remark: String = "") -> HTML {
            let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
                .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let rest = counts.dropFirst(8).map(\.value).reduce(0, +)
            var bars = counts.prefix(8).map { Chart.Bar($0.key, Double($0.value)) }
            if rest > 0 { bars.append(Chart.Bar("others", Double(rest))) }
            return Chart.bars(title, remark: remark, bars)
        }
        let classes = zip(manifest.classes, manifest.countsByClass).map { Chart.Bar($0, Double($1)) }
        let shown = classes.prefix(40)
        return .charts([
            Chart.bars(
                "Clips of each class",
                remark: classes.count > shown.count ? "the first \(shown.count) of \(classes.count)" : "",
                Array(shown)),
            counted(facts.map { "\($0.width)x\($0.height)" }, "Sizes"),
            counted(facts.map { String(format: "%.2f", $0.rate) }, "Frames per second"),
            Chart.histogram("How long the clips are", facts.map(\.seconds), axis: "seconds"),
            Chart.histogram("How bright they are", facts.map(\.brightness), axis: "mean of 0 to 255"),
            counted(facts.map(\.codec), "Codecs"),
        ])
    }

    private var samples: Page.Section {
        let usable = diagnosis.usable
        let classes = manifest.classes.indices.prefix(12)
        let chosen = classes.flatMap { label in
            let own = usable.filter { manifest.items[$0].labels.contains(label) }
            let count = min(3, own.count)
            return (0..<count).map { own[$0 * own.count / count] }
        }
        let rest = manifest.classes.count - classes.count
        return Page.Section(
            "Some of the clips", lead: rest > 0 ? "Of the first 12 classes." : "Up to three of each class.",
            body: .clips(chosen.map { card($0) }))
    }
}

/// Pictures of clips, four frames side by side, each made once.
final class ClipStrips {
    private var made: [Key: DataURI?] = [:]

    private struct Key: Hashable {
        var path: String
        var start: MediaTime?
        var end: MediaTime?
    }

    /// Nil where the clip has no frame.
    func strip(of item: Manifest.Item) -> DataURI? {
        let key = Key(path: item.path, start: item.start, end: item.end)
        if let known = made[key] { return known }
        let request = FrameRequest(
            sampling: .uniform(4), resize: .shortSide(72), damage: .hold, start: item.start, end: item.end,
            origin: .firstFrame)
        let strip = try? DataURI(strip: VideoReader(path: item.path).read(request))
        made[key] = .some(strip)
        return strip
    }
}
