/// Memory that steps of a plan read and write: a stretch of the arena, a stretch kept between runs, or somebody else's.
@safe final class PlanBuffer {
    enum Home {
        /// Shared with others that live at another time.
        case arena
        /// Kept between runs: what depends on parameters alone.
        case persistent
        /// An input, a parameter or a gradient, whose address is known when a run begins.
        case external
    }

    let byteCount: Int
    private(set) var home: Home
    /// The buffer whose memory this one has taken over, if a step works in place.
    private var replaced: PlanBuffer?
    private var address = unsafe PlanBuffer.nowhere

    init(byteCount: Int, home: Home) {
        self.byteCount = byteCount
        self.home = home
    }

    /// The buffer that stands for all that share this memory.
    var root: PlanBuffer {
        var buffer = self
        while let next = buffer.replaced { buffer = next }
        return buffer
    }

    /// Gives up a place of its own between runs.
    func becomeTemporary() { home = .arena }

    /// Lets this buffer live where `other` does.
    func share(_ other: PlanBuffer) { replaced = other.root }

    /// Where it is, once the plan is laid out and bound.
    var pointer: UnsafeMutableRawPointer {
        get { unsafe root.address }
        set { unsafe root.address = unsafe newValue }
    }

    /// Its contents as floats.
    var floats: UnsafeMutablePointer<Float> { unsafe pointer.assumingMemoryBound(to: Float.self) }
    /// Its contents as integers.
    var integers: UnsafeMutablePointer<Int32> { unsafe pointer.assumingMemoryBound(to: Int32.self) }

    /// What a buffer points at before it is bound.
    private nonisolated(unsafe) static let nowhere = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
}
