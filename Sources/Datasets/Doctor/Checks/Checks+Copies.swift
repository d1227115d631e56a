internal import Foundation

extension Checks {
    /// Copies, exact and near: across the split, across classes, and elsewhere.
    mutating func checkCopies() {
        let pairs = Copies(manifest, clips, close).pairs
        func isAcrossSplit(_ pair: Problem.Pair) -> Bool {
            let (a, b) = (manifest.items[pair.match.first].part, manifest.items[pair.match.second].part)
            return a != nil && b != nil && a != b
        }
        func isAcrossClasses(_ pair: Problem.Pair) -> Bool {
            manifest.items[pair.match.first].labels != manifest.items[pair.match.second].labels
        }
        let split = pairs.filter(isAcrossSplit)
        let classes = pairs.filter(isAcrossClasses)
        let others = pairs.filter { !isAcrossSplit($0) && !isAcrossClasses($0) }
        let found: [(Problem.Kind, Problem.Severity, [Problem.Pair], String, String)] = [
            (
                .copyAcrossSplit, .error, split, "in different parts of the split",
                "The model is judged by clips that it was trained with, and the accuracy is too good. Take the split that "
                    + "is proposed here: it keeps copies together."
            ),
            (
                .copyAcrossClasses, .error, classes, "with different labels",
                "One of the two labels is wrong, or the clip belongs to both: correct it, or give both labels (a|b)."
                    + (classes.allSatisfy { $0.match.symmetry == .same }
                        ? ""
                        : " Where labels tell directions, one that is mirrored or turned is right to have another.")
            ),
            (
                .copy, .warning, others, "with the same label",
                "A split that tears them apart is judged by what was trained with: the proposed one keeps them together, "
                    + "and leaves out exact copies but for the first."
            ),
        ]
        for (kind, severity, pairs, place, advice) in found where !pairs.isEmpty {
            let exact = pairs.count(where: { $0.isExact })
            let all = exact == 1 ? ", exact" : ", all exact"
            let split = exact == 0 ? "" : exact == pairs.count ? all : ", \(exact) of them exact"
            let among = Set(pairs.flatMap { [$0.match.first, $0.match.second] }).count
            let others = pairs.count == 1 ? "" : ", among \(among) clips"
            problems.append(
                Problem(
                    kind, severity,
                    Self.count(pairs.count, "pair", ("of copies", "of copies")) + " \(place)\(others)\(split)",
                    advice: advice, pairs: pairs))
        }
    }
}

extension Problem.Pair {
    /// Whether the two decode to the same frames.
    public var isExact: Bool { match.similarity >= 1 && match.symmetry == .same && isSamePictures }
    private var isSamePictures: Bool { detail == Self.sameFile || detail == Self.sameFrames }
    static let sameFile = "the same file twice"
    static let sameFrames = "the same frames in another file"
}

/// The pairs of clips that are copies of one another.
package struct Copies {
    /// Exact copies first, each with the first that has its labels, or else with the first of all; then near ones, the most alike first.
    package let pairs: [Problem.Pair]

    package init(_ manifest: Manifest, _ clips: [ExaminedClip], _ close: CloseClips) {
        var byDigest: [String: [Int]] = [:]
        for (index, clip) in clips.enumerated() {
            guard let facts = clip.facts else { continue }
            byDigest["\(facts.digest) \(facts.frames)", default: []].append(index)
        }
        var pairs: [Problem.Pair] = []
        /// The first of the exact copies that a clip is one of.
        var originals = Array(clips.indices)
        for same in byDigest.values.filter({ $0.count > 1 }).sorted(by: { $0[0] < $1[0] }) {
            for (place, copy) in same.enumerated().dropFirst() {
                originals[copy] = same[0]
                // With the first of its own labels, so that a copy under other labels hides none under the same.
                let labels = manifest.items[copy].labels
                let first = same[..<place].first { manifest.items[$0].labels == labels } ?? same[0]
                let (one, other) = (manifest.items[first], manifest.items[copy])
                let isSameFile =
                    one.path == other.path
                    || clips[first].facts?.fileSize == clips[copy].facts?.fileSize
                        && FileManager.default.contentsEqual(atPath: one.path, andPath: other.path)
                pairs.append(
                    Problem.Pair(
                        match: ClipMatch(first: first, second: copy, similarity: 1, scene: 1),
                        detail: isSameFile ? Problem.Pair.sameFile : Problem.Pair.sameFrames))
            }
        }
        for match in close.duplicates where originals[match.first] != originals[match.second] {
            // Parts of one video that follow one another are no copies.
            let (one, other) = (manifest.items[match.first], manifest.items[match.second])
            if one.path == other.path { continue }
            let turned: [ClipMatch.Symmetry: String] = [
                .mirrored: ", mirrored", .flipped: ", upside down and mirrored", .turned: ", turned by 180 degrees",
            ]
            pairs.append(
                Problem.Pair(
                    match: match,
                    detail: String(format: "similarity %.2f", match.similarity) + (turned[match.symmetry] ?? "")))
        }
        self.pairs = pairs
    }
}
