import Datasets

extension PrepareOutcome {
    private struct Report: Encodable {
        struct Place: Encodable {
            var path: String
            var detail: String
        }
        struct Pair: Encodable {
            var first: String
            var second: String
            var similarity: Double
            var detail: String
        }
        struct Found: Encodable {
            var kind: Problem.Kind
            var severity: Problem.Severity
            var title: String
            var advice: String
            var clips: [Place]
            var pairs: [Pair]
        }
        struct Plan: Encodable {
            var groupedBy: String
            var groups: Int
            var reason: String
            var split: String
            var clips: Int
            /// Clips of each class, by part.
            var parts: [String: [String: Int]]
            var leftOut: [String]
        }
        var data: String
        var clips: Int
        var usable: Int
        var classes: [String: Int]
        var seconds: Double
        var bytes: Int
        var comparedBy: String
        var problems: [Found]
        var proposal: Plan?
        var proposalError: String?
        var out: String?
        var report: String?
    }

    /// All of it, on one line.
    func jsonLine() throws -> String {
        let totals = totals
        let problems = diagnosis.problems.map { problem in
            Report.Found(
                kind: problem.kind, severity: problem.severity, title: problem.title, advice: problem.advice,
                clips: problem.places.map { Report.Place(path: $0.path, detail: $0.detail) },
                pairs: problem.pairs.map { pair in
                    Report.Pair(
                        first: manifest.items[pair.match.first].path, second: manifest.items[pair.match.second].path,
                        similarity: pair.match.similarity, detail: pair.detail)
                })
        }
        var report = Report(
            data: manifest.source, clips: manifest.items.count, usable: totals.clips,
            classes: Dictionary(zip(manifest.classes, manifest.countsByClass)) { first, _ in first },
            seconds: totals.seconds, bytes: totals.bytes, comparedBy: diagnosis.close.measure, problems: problems,
            out: out, report: self.report)
        switch proposal {
        case .success(let proposal): report.proposal = plan(proposal)
        case .failure(let error): report.proposalError = "\(error)"
        }
        return try report.jsonLine()
    }

    private func plan(_ proposal: Proposal) -> Report.Plan {
        let counts = PartCounts(proposal.manifest)
        var parts: [String: [String: Int]] = [:]
        for (name, row) in zip(counts.classes, counts.counts) {
            parts[name] = ["train": row[0], "val": row[1], "test": row[2]]
        }
        return Report.Plan(
            groupedBy: proposal.grouping.basis.word, groups: proposal.grouping.count,
            reason: proposal.grouping.reason, split: proposal.splitReason, clips: proposal.manifest.items.count,
            parts: parts, leftOut: (proposal.unusable + proposal.copies).sorted().map { manifest.items[$0].path })
    }
}

extension Grouping.Basis {
    /// As the command line names it.
    var word: String {
        switch self {
        case .given: "given"
        case .column(let name): name
        case .folder: "folder"
        case .name: "name"
        case .scene: "scene"
        case .clip: "none"
        }
    }
}
