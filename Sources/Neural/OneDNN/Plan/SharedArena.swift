/// The memory in which the temporaries of all plans lie: as large as the largest plan wants it.
///
/// Plans run one after the other on the compute thread and copy their results out before the next one begins, so one
/// arena serves them all. It goes with the last plan that holds it.
/// Guard of `@unchecked`: it is touched on the compute thread alone.
@safe final class SharedArena: @unchecked Sendable {
    private nonisolated(unsafe) static weak var current: SharedArena?
    private var memory: AlignedMemory

    private init(byteCount: Int) throws { memory = try AlignedMemory(byteCount: byteCount, for: Self.purpose) }

    private static let purpose = "the arena of a plan"

    /// The arena, with room for `byteCount` bytes. Where it grows, it moves: a plan places its buffers anew then.
    /// - Throws: `NeuralError.backend` if there is not enough memory.
    static func reserve(_ byteCount: Int) throws -> SharedArena {
        guard let arena = unsafe current else {
            let arena = try SharedArena(byteCount: byteCount)
            unsafe current = arena
            return arena
        }
        if arena.memory.byteCount < byteCount {
            arena.memory = try AlignedMemory(byteCount: byteCount, for: purpose)
        }
        return arena
    }

    /// Where it begins now.
    var base: UnsafeMutableRawPointer { unsafe memory.base }
}
