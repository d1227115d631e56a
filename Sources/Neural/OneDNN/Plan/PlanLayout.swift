/// Gives every buffer of a plan its place.
struct PlanLayout {
    /// Bytes of the arena that temporaries share, and of what stays between runs.
    let arenaBytes: Int
    let persistentBytes: Int
    private let arena: [(buffer: PlanBuffer, offset: Int)]
    private let persistent: [(buffer: PlanBuffer, offset: Int)]

    /// - Parameter kept: buffers that must hold their contents to the end of a run.
    init(prepare: [Step], run: [Step], kept: [PlanBuffer]) {
        // What only the preparation needs (weights on their way to a kernel's layout) is not worth keeping.
        let needed = Set((run.flatMap { $0.reads + $0.writes } + kept).map { ObjectIdentifier($0.root) })
        for buffer in prepare.flatMap({ $0.reads + $0.writes }).map(\.root)
        where buffer.home == .persistent && !needed.contains(ObjectIdentifier(buffer)) { buffer.becomeTemporary() }
        let (before, bytesBefore) = Self.temporaries(prepare, kept: [])
        let (during, bytesDuring) = Self.temporaries(run, kept: kept)
        arena = before + during
        arenaBytes = max(bytesBefore, bytesDuring)

        var seen: Set<ObjectIdentifier> = []
        var offset = 0
        var persistent: [(PlanBuffer, Int)] = []
        for buffer in (prepare + run).flatMap({ $0.reads + $0.writes }) + kept {
            let root = buffer.root
            guard root.home == .persistent, seen.insert(ObjectIdentifier(root)).inserted else { continue }
            persistent.append((root, offset))
            offset += (root.byteCount + ArenaLayout.alignment - 1) / ArenaLayout.alignment * ArenaLayout.alignment
        }
        self.persistent = persistent
        persistentBytes = offset
    }

    /// The places in the arena of what `steps` read and write there, and its size.
    private static func temporaries(
        _ steps: [Step], kept: [PlanBuffer]
    ) -> (places: [(buffer: PlanBuffer, offset: Int)], byteCount: Int) {
        shareInPlace(steps, kept: kept)
        var lifetimes: [ObjectIdentifier: Int] = [:]
        var buffers: [PlanBuffer] = []
        var blocks: [Lifetime] = []
        func touch(_ buffer: PlanBuffer, _ step: Int) {
            let root = buffer.root
            guard root.home == .arena else { return }
            if let index = lifetimes[ObjectIdentifier(root)] {
                blocks[index].steps =
                    min(blocks[index].steps.lowerBound, step)...max(blocks[index].steps.upperBound, step)
                blocks[index].byteCount = max(blocks[index].byteCount, buffer.byteCount)
            } else {
                lifetimes[ObjectIdentifier(root)] = blocks.count
                buffers.append(root)
                blocks.append(Lifetime(byteCount: max(root.byteCount, buffer.byteCount), steps: step...step))
            }
        }
        for (index, step) in steps.enumerated() {
            for buffer in step.reads + step.writes { touch(buffer, index) }
        }
        for buffer in kept { touch(buffer, steps.count) }
        let layout = ArenaLayout(blocks)
        return (zip(buffers, layout.offsets).map { ($0, $1) }, layout.byteCount)
    }

    /// Tells the buffers their addresses.
    func place(arena base: UnsafeMutableRawPointer, persistent kept: UnsafeMutableRawPointer) {
        for (buffer, offset) in arena { unsafe buffer.pointer = unsafe base + offset }
        for (buffer, offset) in persistent { unsafe buffer.pointer = unsafe kept + offset }
    }

    /// Lets a step write over what it reads where nobody reads that again.
    private static func shareInPlace(_ steps: [Step], kept: [PlanBuffer]) {
        var last: [ObjectIdentifier: Int] = [:]
        for (index, step) in steps.enumerated() {
            for buffer in step.reads + step.writes { last[ObjectIdentifier(buffer)] = index }
        }
        for buffer in kept { last[ObjectIdentifier(buffer)] = steps.count }
        for (index, step) in steps.enumerated() {
            guard let (from, to) = step.inPlace else { continue }
            let root = from.root
            guard root.home == .arena, to.home == .arena, root !== to.root, root.byteCount == to.byteCount,
                last[ObjectIdentifier(root)] == index
            else { continue }
            to.share(root)
            last[ObjectIdentifier(root)] = last[ObjectIdentifier(to)]
        }
    }
}
