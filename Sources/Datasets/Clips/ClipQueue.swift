internal import Foundation

/// Clips on their way from the threads that make them to the one that takes them, batch by batch and in order.
///
/// At most `ahead` batches beyond the one being taken are worked on: a slow taker stops the makers.
///
/// `@unchecked Sendable`: all mutable state is touched only with `condition` locked.
final class ClipQueue: @unchecked Sendable {
    private struct Batch {
        var clips: [[UInt8]?]
        var missing: Int
    }

    private let steps: [[ClipDraw]]
    private let ahead: Int
    private let condition = NSCondition()
    private var batches: [Int: Batch] = [:]
    /// The next clip to hand to a maker.
    private var position: (step: Int, slot: Int)
    /// The batch being taken.
    private var taking: Int
    private var isStopped = false

    init(steps: [[ClipDraw]], firstStep: Int, ahead: Int) {
        self.steps = steps
        self.ahead = ahead
        position = (firstStep, 0)
        taking = firstStep
    }

    /// The next clip to make; nil when there are no more, or the queue is stopped.
    func nextWork() -> (step: Int, slot: Int, draw: ClipDraw)? {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped, position.step < steps.count, position.step > taking + ahead { condition.wait() }
        guard !isStopped, position.step < steps.count else { return nil }
        let (step, slot) = position
        let draws = steps[step]
        if batches[step] == nil {
            batches[step] = Batch(clips: Array(repeating: nil, count: draws.count), missing: draws.count)
        }
        position = slot + 1 < draws.count ? (step, slot + 1) : (step + 1, 0)
        return (step, slot, draws[slot])
    }

    /// Hands in a clip; nil is one that could not be made.
    func put(_ clip: [UInt8]?, step: Int, slot: Int) {
        condition.lock()
        defer { condition.unlock() }
        batches[step]?.clips[slot] = clip
        batches[step]?.missing -= 1
        if batches[step]?.missing == 0 { condition.broadcast() }
    }

    /// Waits for a batch; nil once stopped. Batches are to be taken in order.
    func take(_ step: Int) -> [[UInt8]?]? {
        condition.lock()
        defer { condition.unlock() }
        taking = step
        condition.broadcast()
        while !isStopped, batches[step].map({ $0.missing > 0 }) ?? true { condition.wait() }
        return batches.removeValue(forKey: step)?.clips
    }

    /// Lets everyone go who waits.
    func stop() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        batches = [:]
        condition.broadcast()
    }
}

/// Owns the threads that fill a queue: they end when it is dropped, or when all is done.
final class ClipWorkers: Sendable {
    let queue: ClipQueue

    /// - Parameter make: gives one clip, or nil where it cannot be had; called on the threads.
    init(queue: ClipQueue, threads: Int, make: @escaping @Sendable (ClipDraw) -> [UInt8]?) {
        self.queue = queue
        for number in 0..<threads {
            let thread = Thread {
                while let (step, slot, draw) = queue.nextWork() { queue.put(make(draw), step: step, slot: slot) }
            }
            thread.name = "sora.clips.\(number)"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit { queue.stop() }
}
