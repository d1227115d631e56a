internal import Dispatch
internal import Foundation
internal import Synchronization

/// Decodes in the background: a thread of its own that stays a few frames ahead of whoever takes them.
///
/// The decoder waits when `capacity` frames lie ready, so memory does not depend on the length of the video. Several
/// threads may take frames from one stream. When the stream is let go, its thread stops at the next frame.
public final class FrameStream: Sendable {
    private let queue: Queue

    /// Starts decoding.
    ///
    /// - Parameters:
    ///   - path: the file. That it cannot be used is thrown by `next()`.
    ///   - request: which frames, and at which size.
    ///   - capacity: how many frames may lie ready; at least 1.
    ///   - threads: threads of the decoder, beside the stream's own.
    public init(path: String, request: FrameRequest = FrameRequest(), capacity: Int = 4, threads: Int = 2) {
        let queue = Queue(capacity: max(1, capacity))
        self.queue = queue
        let thread = Thread {
            let outcome = Result {
                try VideoReader(path: path, threads: threads).forEachFrame(request) { queue.put($0) }
            }
            queue.finish(outcome)
        }
        thread.name = "sora.decode"
        thread.stackSize = 4 << 20
        thread.start()
    }

    deinit { queue.close() }

    /// The next frame, when it is ready; nil after the last.
    ///
    /// - Throws: what stopped the decode, once the frames before it have been taken.
    public func next() throws -> Frame? { try queue.take() }

    /// How many frames of the part read were damaged; known, and not nil, after the last frame has been taken.
    public var damagedCount: Int? { queue.damagedCount }

    /// Stops decoding. Frames that lie ready are dropped, and `next()` gives nil.
    public func cancel() { queue.close() }
}

/// A bounded queue between one decoder and its takers.
///
/// `@unchecked Sendable`: everything mutable is touched only while `condition` is locked.
private final class Queue: @unchecked Sendable {
    private let condition = NSCondition()
    private let capacity: Int
    private var frames: [Frame] = []
    private var isClosed = false
    private var outcome: Result<Int, any Error>?

    init(capacity: Int) { self.capacity = capacity }

    /// Waits for room, and puts a frame in. False when nobody wants more.
    func put(_ frame: Frame) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while frames.count >= capacity, !isClosed { condition.wait() }
        guard !isClosed else { return false }
        frames.append(frame)
        condition.broadcast()
        return true
    }

    /// Waits for a frame, and takes it out.
    func take() throws -> Frame? {
        condition.lock()
        defer { condition.unlock() }
        while frames.isEmpty, outcome == nil, !isClosed { condition.wait() }
        guard !isClosed else { return nil }
        if frames.isEmpty {
            if case .failure(let error)? = outcome { throw error }
            return nil
        }
        let frame = frames.removeFirst()
        condition.broadcast()
        return frame
    }

    func finish(_ result: Result<Int, any Error>) {
        condition.lock()
        defer { condition.unlock() }
        outcome = result
        condition.broadcast()
    }

    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        frames.removeAll()
        condition.broadcast()
    }

    var damagedCount: Int? {
        condition.lock()
        defer { condition.unlock() }
        guard frames.isEmpty, case .success(let count)? = outcome else { return nil }
        return count
    }
}
