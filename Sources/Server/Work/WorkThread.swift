internal import Foundation

/// A thread that does one thing after the other, and gives way to others where it is told to.
final class WorkThread: Sendable {
    /// What the thread gives way to.
    enum Urgency {
        /// To nothing: somebody waits for each answer.
        case immediate
        /// To what is immediate: it takes long in any case. Threads that it starts, a decoder's for one, do likewise; the network,
        /// which has one thread for the whole program, does not.
        case patient
    }

    private let inbox = Inbox()

    init(_ name: String, _ urgency: Urgency) {
        let thread = Thread { [inbox] in
            #if os(Linux)
                // Of this thread alone, which is what 0 means on Linux; a tenth of the share of others, where they are busy.
                if urgency == .patient { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
            #endif
            while let work = inbox.next() { work() }
        }
        thread.name = "sora.\(name)"
        thread.qualityOfService = urgency == .patient ? QualityOfService.utility : .userInitiated
        thread.start()
    }

    deinit { inbox.close() }

    /// Has something done after all that was asked for before.
    func perform(_ work: @escaping @Sendable () -> Void) { inbox.add(work) }

    /// Waits until all that was asked for is done.
    func finish() {
        let done = DispatchSemaphore(value: 0)
        perform { done.signal() }
        done.wait()
    }
}

/// What waits for a thread.
///
/// Guard of `@unchecked`: everything is touched with the condition locked.
private final class Inbox: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []
    private var isClosed = false

    func add(_ work: @escaping @Sendable () -> Void) {
        condition.withLock { waiting.append(work) }
        condition.signal()
    }

    func close() {
        condition.withLock { isClosed = true }
        condition.signal()
    }

    /// The next thing to do; nil once it is closed and all is done.
    func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while waiting.isEmpty && !isClosed { condition.wait() }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }
}
