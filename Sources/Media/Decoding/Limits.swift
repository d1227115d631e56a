internal import CFFmpeg
internal import Foundation
internal import Synchronization

/// Bounds that no real video meets and a malformed header may claim.
enum Limits {
    /// Largest width or height, in pixels.
    static let side = 16_384
    /// Largest picture, in pixels: twice 8K.
    static let pixels = 1 << 26
    /// Seconds that opening a file may take.
    static let openingSeconds = 30.0
    /// Undecodable packets in a row, without one frame between, after which a stream is given up.
    static let failuresInARow = 5_000
    /// How often one frame may come at a fixed rate: about an hour of a still at 30 a second. More is a broken timestamp.
    static let copies = 110_000
    /// Bytes that one call may return, unless told otherwise.
    static let resultBytes = 4 << 30
}

/// A moment after which the library's blocking calls return with an error.
final class Deadline: Sendable {
    private let end = Atomic<UInt64>(UInt64.max)

    /// Starts the clock: calls fail once `seconds` have passed.
    func start(seconds: Double) {
        end.store(DispatchTime.now().uptimeNanoseconds &+ UInt64(seconds * 1e9), ordering: .relaxed)
    }

    /// Stops the clock.
    func clear() { end.store(UInt64.max, ordering: .relaxed) }

    var isPast: Bool {
        let end = end.load(ordering: .relaxed)
        return end != UInt64.max && DispatchTime.now().uptimeNanoseconds > end
    }
}
