/// Deals clips out to parts of a split, or to folds: stratified by class, whole groups only.
struct GroupedAssignment<Part: Hashable & Sendable> {
    /// The part of each clip, by its position in the manifest.
    private(set) var parts: [Int: Part] = [:]

    /// - Parameters:
    ///   - items: positions of the clips to deal out.
    ///   - shares: the parts with their shares, each above 0; the first takes what rounding leaves.
    ///   - isEven: whether clips without a group are dealt out as groups of one, so that no part takes what rounding
    ///     leaves of every class.
    init(
        _ manifest: Manifest, items: [Int], shares: [(part: Part, share: Double)], isEven: Bool = false, seed: UInt64
    ) throws(DatasetError) {
        var random = SeededRandom(seed: seed, 0x53_504C_4954)
        let shared = manifest.sharedVideos
        let isGrouped = items.contains { manifest.company(at: $0, shared) != nil }
        if isGrouped || isEven || manifest.isMultiLabel {
            assignGroups(manifest, items, shared, shares, &random)
        } else {
            assignByClass(manifest, items, shares, &random)
        }
        for (part, _) in shares where !parts.values.contains(part) {
            throw DatasetError(
                .unsplittable, path: manifest.source,
                "\(items.count) clips\(isGrouped ? " in their groups" : "") are too few to have some for "
                    + "\(part)",
                remedy: "Add clips\(isGrouped ? " of other groups" : ""), or change the shares.")
        }
    }

    /// Exactly the share of each class, rounded; at least one clip of a class for each part if there are enough.
    private mutating func assignByClass(
        _ manifest: Manifest, _ items: [Int], _ shares: [(part: Part, share: Double)],
        _ random: inout SeededRandom
    ) {
        for label in manifest.classes.indices {
            var open = random.shuffled(items.filter { manifest.items[$0].labels == [label] })
            let total = Double(open.count)
            for (part, share) in shares.dropFirst() {
                let most = max(0, open.count - 1)
                for item in open.suffix(min(most, max(1, Int((total * share).rounded())))) { parts[item] = part }
                open.removeAll { parts[$0] != nil }
            }
            for item in open { parts[item] = shares[0].part }
        }
    }

    /// From the largest group: each to the part whose clips of the group's classes are furthest below its share.
    /// That choice keeps the squared distance from the shares least.
    private mutating func assignGroups(
        _ manifest: Manifest, _ items: [Int], _ shared: Set<String>, _ shares: [(part: Part, share: Double)],
        _ random: inout SeededRandom
    ) {
        // Clips without a group are a group of their own; one row more than classes counts the clips themselves.
        var members: [String: [Int]] = [:]
        for item in items {
            members[manifest.company(at: item, shared) ?? "i\(item)", default: []].append(item)
        }
        let rows = manifest.classes.count + 1
        func counts(_ group: [Int]) -> [Double] {
            var counts = [Double](repeating: 0, count: rows)
            for item in group {
                for label in manifest.items[item].labels { counts[label] += 1 }
                counts[rows - 1] += 1
            }
            return counts
        }
        let totals = counts(items)
        var open = shares.map { share in totals.map { $0 * share.share } }
        let shuffled = random.shuffled(members.keys.sorted()).compactMap { members[$0] }
        let ordered = shuffled.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
        for (_, group) in ordered {
            let count = counts(group)
            func need(_ part: Int) -> Double {
                (0..<rows).reduce(0.0) { sum, row -> Double in
                    guard count[row] > 0 else { return sum }
                    let total = totals[row]
                    return sum + count[row] * open[part][row] / (total * total)
                }
            }
            let needs = open.indices.map(need)
            let chosen = needs.indices.max { needs[$0] < needs[$1] } ?? 0
            for row in 0..<rows { open[chosen][row] -= count[row] }
            for item in group { parts[item] = shares[chosen].part }
        }
    }
}
