internal import Synchronization

/// When work has to be done by.
package struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    init(seconds: Double) { end = .now + .seconds(seconds) }

    /// - Throws: `Failure.late` once it has passed.
    package func check() throws { if ContinuousClock.now > end { throw Failure.late } }
}

/// One thread with tools of its own, which does what requests ask for, one after the other. So many may wait; more are turned
/// away at once, and whoever waited too long when the turn comes.
///
/// Guard of `@unchecked`: the tools are touched on the thread alone.
package final class WorkLane<Tools>: @unchecked Sendable {
    private let thread: WorkThread
    private let tools: Tools
    private let room: Int
    private let seconds: Double
    private let count = Mutex(0)

    /// - Parameters:
    ///   - room: requests that are worked on or wait.
    ///   - seconds: how long a request may take, from when it asked.
    ///   - isPatient: whether it gives way to lanes that are not.
    ///   - prepare: done first, on the lane's thread.
    package init(
        _ name: String, _ tools: Tools, room: Int, seconds: Double, isPatient: Bool = false,
        prepare: @escaping @Sendable () -> Void = {}
    ) {
        thread = WorkThread(name, isPatient ? .patient : .immediate)
        thread.perform(prepare)
        (self.tools, self.room, self.seconds) = (tools, room, seconds)
    }

    /// Requests that are worked on or wait.
    package var waiting: Int { count.withLock(\.self) }

    /// - Throws: `Failure.busy` where too many wait, `Failure.late` where it took too long, and what `body` throws.
    package func run<Answer: Sendable>(_ body: @escaping @Sendable (Tools, Deadline) throws -> Answer) async throws
        -> Answer
    {
        let isIn = count.withLock { count in
            guard count < room else { return false }
            count += 1
            return true
        }
        guard isIn else { throw Failure.busy }
        let deadline = Deadline(seconds: seconds)
        return try await withCheckedThrowingContinuation { continuation in
            thread.perform { [self] in
                let result = Result {
                    try deadline.check()
                    return try body(tools, deadline)
                }
                count.withLock { $0 -= 1 }
                continuation.resume(with: result)
            }
        }
    }
}
