internal import Dispatch
internal import Synchronization

/// Turns decoded pictures into RGB bytes on a thread of its own while the decoder goes on, in order: what a decoder of few
/// slices leaves idle is enough for it.
///
/// Guard of `@unchecked`: the fitter is used on the queue alone, the results are behind their lock.
final class FittingLane: @unchecked Sendable {
    /// A picture that is done.
    struct Fitted: Sendable {
        var header: FrameHeader
        /// RGB, crop after crop.
        var bytes: [UInt8]
        /// How often it was asked for.
        var copies: Int
    }

    /// A decoded picture on its way to the other thread, which alone has it from then on.
    private struct Handed: @unchecked Sendable {
        let picture: PictureBuffer
    }

    /// Pictures that may wait: they keep the decoder's memory.
    private static let most = 4

    private let fitter: Fitter
    private let path: String
    private let queue = DispatchQueue(label: "sora.fitting")
    private let room = DispatchSemaphore(value: most)
    private let done = Mutex<(fitted: [Fitted], failure: (any Error)?)>(([], nil))

    init(_ fitter: Fitter, path: String) {
        self.fitter = fitter
        self.path = path
    }

    /// Takes a share of a picture. Waits while too many are on their way.
    /// - Throws: `MediaError` if there is no memory for it.
    func append(_ header: FrameHeader, _ picture: PictureBuffer, copies: Int) throws {
        let own = Handed(picture: try PictureBuffer(path: path))
        guard own.picture.share(picture) else { throw MediaError.outOfMemory(path) }
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            do {
                let bytes = try fitter.bytes(of: own.picture)
                done.withLock { $0.fitted.append(Fitted(header: header, bytes: bytes, copies: copies)) }
            } catch { done.withLock { $0.failure = $0.failure ?? error } }
        }
    }

    /// All pictures, once they are done.
    /// - Throws: what the first that failed threw.
    func finish() throws -> [Fitted] {
        queue.sync {}
        return try done.withLock { result in
            if let failure = result.failure { throw failure }
            return result.fitted
        }
    }
}
