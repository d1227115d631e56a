/// Clips joined to families, pair by pair: a union-find with path halving, joined by size.
package struct Families {
    private var parents: [Int]
    private var sizes: [Int]

    package init(count: Int) {
        parents = Array(0..<count)
        sizes = [Int](repeating: 1, count: count)
    }

    /// The one that stands for the family of `clip`.
    package mutating func head(_ clip: Int) -> Int {
        var clip = clip
        while parents[clip] != clip {
            parents[clip] = parents[parents[clip]]
            clip = parents[clip]
        }
        return clip
    }

    /// How many belong to the family of `clip`.
    package mutating func size(_ clip: Int) -> Int { sizes[head(clip)] }

    /// Joins two families, unless the result would have more than `most`.
    package mutating func join(_ first: Int, _ second: Int, most: Int = .max) {
        let (a, b) = (head(first), head(second))
        guard a != b, sizes[a] + sizes[b] <= most else { return }
        let (large, small) = (sizes[a], -a) >= (sizes[b], -b) ? (a, b) : (b, a)
        parents[small] = large
        sizes[large] += sizes[small]
    }

    /// All families of two or more, by their smallest member.
    package mutating func families() -> [[Int]] {
        var members: [Int: [Int]] = [:]
        for clip in parents.indices { members[head(clip), default: []].append(clip) }
        return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }
}
