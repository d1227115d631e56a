/// A block of memory that is needed from one step of a plan to another.
package struct Lifetime: Hashable, Sendable {
    package var byteCount: Int
    /// The first and the last step that use it.
    package var steps: ClosedRange<Int>

    package init(byteCount: Int, steps: ClosedRange<Int>) {
        self.byteCount = byteCount
        self.steps = steps
    }
}

/// Places for blocks in one arena, so that no two that live at the same time overlap.
package struct ArenaLayout: Sendable {
    /// Where each block begins, a multiple of `alignment`.
    package let offsets: [Int]
    /// Bytes of the whole arena.
    package let byteCount: Int
    package static let alignment = 64

    /// Largest blocks first, each into the smallest gap that holds it: within a few percent of the best for networks
    /// (Pisarchyk & Lee 2020, "greedy by size"). Cost: the square of the number of blocks.
    package init(_ blocks: [Lifetime]) {
        var offsets = [Int](repeating: 0, count: blocks.count)
        var placed: [Int] = []
        var end = 0
        let order = blocks.indices.sorted {
            (blocks[$1].byteCount, $0) < (blocks[$0].byteCount, $1)
        }
        for index in order {
            let size = Self.rounded(blocks[index].byteCount)
            var best: (offset: Int, waste: Int)?
            var cursor = 0
            // `placed` is kept in order of offset, so gaps between those alive at the same time appear in order.
            for other in placed where blocks[other].steps.overlaps(blocks[index].steps) {
                let gap = offsets[other] - cursor
                if gap >= size, gap - size < best?.waste ?? .max { best = (cursor, gap - size) }
                cursor = max(cursor, offsets[other] + Self.rounded(blocks[other].byteCount))
            }
            offsets[index] = best?.offset ?? cursor
            end = max(end, offsets[index] + size)
            let position = placed.firstIndex { offsets[$0] > offsets[index] } ?? placed.count
            placed.insert(index, at: position)
        }
        self.offsets = offsets
        byteCount = end
    }

    private static func rounded(_ bytes: Int) -> Int { (max(bytes, 1) + alignment - 1) / alignment * alignment }
}
