import Datasets
import Foundation

/// What `sora prepare` has found and done, as text and as JSON.
struct PrepareOutcome {
    let diagnosis: Diagnosis
    let proposal: Result<Proposal, any Error>
    let out: String?
    let report: String?

    var manifest: Manifest { diagnosis.manifest }

    /// What the clips that can be used come to.
    var totals: Totals { Totals(diagnosis) }

    struct Totals {
        var clips = 0
        var seconds = 0.0
        var bytes = 0
        /// The most common size and rate.
        var size = ""
        var rate = 0.0

        init(_ diagnosis: Diagnosis) {
            let facts = diagnosis.clips.compactMap(\.facts)
            clips = facts.count
            seconds = facts.map(\.seconds).reduce(0, +)
            var files: [String: Int] = [:]
            for (item, clip) in zip(diagnosis.manifest.items, diagnosis.clips) {
                files[item.path] = clip.facts?.fileSize
            }
            bytes = files.values.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
            func common<Value: Hashable & Comparable>(_ values: [Value]) -> Value? {
                Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +).max { ($0.value, $1.key) < ($1.value, $0.key) }?
                    .key
            }
            size = common(facts.map { "\($0.width)x\($0.height)" }) ?? ""
            rate = common(facts.map { ($0.rate * 100).rounded() / 100 }) ?? 0
        }
    }

    /// `300 clips in 2 classes, 10 min 12 s in all, 34 MB; most are 320x240 at 25.00 frames/s`
    var summary: String {
        let totals = totals
        let most =
            totals.clips == 0 ? "" : "; most are \(totals.size) at \(String(format: "%.2f", totals.rate)) frames/s"
        return "\(counted(manifest.items.count, "clip")) in \(counted(manifest.classes.count, "class")), "
            + "\(Words.duration(totals.seconds)) in all, \(Words.size(totals.bytes))\(most)"
    }

    /// What all of it comes to, in a sentence.
    var verdict: String {
        let problems = diagnosis.problems
        guard !problems.isEmpty else { return "Nothing is wrong with its \(counted(manifest.items.count, "clip"))." }
        let errors = problems.filter { $0.severity == .error }
        let warnings = problems.filter { $0.severity == .warning }
        if let first = errors.first {
            let rest = errors.count + warnings.count - 1
            return first.title.capitalizedFirst
                + (rest > 0 ? ", and \(rest) more \(rest == 1 ? "thing" : "things") to see to." : ".")
        }
        if let first = warnings.first {
            let rest = warnings.count - 1
            return "Usable; \(first.title)" + (rest > 0 ? ", and \(rest) more to look at." : ".")
        }
        return "Usable; \(problems.count == 1 ? "one thing" : "\(problems.count) things") to know."
    }

    /// What a person reads.
    var text: String {
        guard !diagnosis.problems.isEmpty else {
            return (["\(manifest.source): nothing is wrong with it: \(summary)"] + written).joined(separator: "\n")
        }
        var lines = ["\(manifest.source): \(summary)"]
        for severity in Problem.Severity.allCases {
            for problem in diagnosis.problems where problem.severity == severity {
                lines.append("\n\(severity.rawValue): \(problem.title)")
                lines += places(problem)
                lines.append("  -> \(problem.advice)")
            }
        }
        lines.append("")
        switch proposal {
        case .success(let proposal):
            lines.append("groups: \(proposal.grouping.reason)")
            lines.append("split: \(proposal.splitReason)")
            lines += table(proposal.manifest)
        case .failure(let error): lines.append("split: none is proposed: \(error)")
        }
        return (lines + written).joined(separator: "\n")
    }

    private static let shown = 5

    private func places(_ problem: Problem) -> [String] {
        var lines = problem.places.prefix(Self.shown).map { "  \($0.path): \($0.detail)" }
        let pairs = problem.leadingPairs
        lines += pairs.prefix(Self.shown).map { pair in
            "  \(manifest.items[pair.match.first].path), \(manifest.items[pair.match.second].path): \(pair.detail)"
        }
        let rest = problem.places.count + problem.pairs.count - lines.count
        if rest > 0 { lines.append("  and \(rest) more: --json lists all") }
        return lines
    }

    /// Clips of each class in each part.
    private func table(_ manifest: Manifest) -> [String] {
        let rows = PartCounts(manifest)
        let names = rows.classes.prefix(30)
        let width = max(5, names.map(\.count).max() ?? 0)
        func line(_ name: String, _ cells: [String]) -> String {
            "  " + name.padding(toLength: width, withPad: " ", startingAt: 0)
                + cells.map { String(repeating: " ", count: max(1, 7 - $0.count)) + $0 }.joined()
        }
        var lines = [line("class", ["train", "val", "test"])]
        for (name, counts) in zip(names, rows.counts) { lines.append(line(name, counts.map(String.init))) }
        if rows.classes.count > names.count { lines.append("  and \(rows.classes.count - names.count) more classes") }
        return lines
    }

    /// What was written where.
    private var written: [String] {
        var lines: [String] = []
        if let out, case .success(let proposal) = proposal {
            let left = proposal.leftOut
            lines.append(
                "\(out): \(counted(proposal.manifest.items.count, "clip"))"
                    + (left.isEmpty ? "" : "; left out: \(left)"))
        }
        if let report { lines.append("\(report): all of it, with pictures") }
        return lines
    }
}

extension Proposal {
    /// `2 that cannot be read, 1 exact copy`; nothing where all is kept.
    var leftOut: String {
        let unread = unusable.isEmpty ? [] : ["\(unusable.count) that cannot be read"]
        return (unread + (copies.isEmpty ? [] : [Words.copies(copies.count)])).joined(separator: ", ")
    }
}

/// How many clips of each class each part has.
struct PartCounts {
    let classes: [String]
    /// `[class][train, val, test]`
    let counts: [[Int]]

    init(_ manifest: Manifest) {
        classes = manifest.classes
        var counts = [[Int]](repeating: [0, 0, 0], count: manifest.classes.count)
        for item in manifest.items {
            guard let part = item.part, let place = Split.Part.allCases.firstIndex(of: part) else { continue }
            for label in item.labels where counts.indices.contains(label) { counts[label][place] += 1 }
        }
        self.counts = counts
    }
}

/// Numbers as people say them.
enum Words {
    static func copies(_ count: Int) -> String { count == 1 ? "1 exact copy" : "\(count) exact copies" }

    /// `12.3 s`, `10 min 12 s`, `3 h 20 min`
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        if seconds < 60 { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds.rounded())
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// `812 kB`, `34 MB`, `1.2 GB`
    static func size(_ bytes: Int) -> String {
        if bytes < 1_000_000 { return "\((bytes + 500) / 1000) kB" }
        return bytes < 1_000_000_000
            ? "\((bytes + 500_000) / 1_000_000) MB" : String(format: "%.1f GB", Double(bytes) / 1e9)
    }
}

extension String {
    /// With a capital at its beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
