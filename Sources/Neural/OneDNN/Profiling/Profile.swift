internal import Foundation
internal import Synchronization

/// What the steps of plans take, gathered while plans of a `ProfilingBackend` run.
public final class Profile: Sendable {
    /// One run of one step.
    public struct Event: Sendable, Hashable {
        /// The plan, numbered in the order of planning.
        public var plan: Int
        /// Position of the step in its plan.
        public var step: Int
        /// Seconds from the beginning of the profile to that of the step.
        public var start: Double
        /// Seconds that it took.
        public var seconds: Double
    }

    /// What a step is.
    public struct Step: Sendable, Hashable {
        /// The operation and where it stands in the network.
        public var label: String
        /// The library's name for the kernel; empty for our own.
        public var kernel: String
        /// How a convolution is computed and how its images lie; empty for other steps.
        public var way: String
        /// Multiplications and additions; 0 where they are few.
        public var operations: Int
        /// Bytes read and written.
        public var bytes: Int
        /// Seconds that the fastest kernel known takes alone, for a convolution whose kernels were timed.
        public var limit: Double?
    }

    private struct Record {
        var plans: [[Step]] = []
        var events: [Event] = []
    }

    private let record = Mutex(Record())
    private let beginning = DispatchTime.now().uptimeNanoseconds

    /// An empty profile.
    public init() {}

    /// The steps of each plan.
    public var plans: [[Step]] { record.withLock { $0.plans } }
    /// What ran, in order.
    public var events: [Event] { record.withLock { $0.events } }
    /// Forgets what ran.
    public func reset() { record.withLock { $0.events = [] } }

    func add(plan steps: [Step]) -> Int {
        record.withLock {
            $0.plans.append(steps)
            return $0.plans.count - 1
        }
    }

    func add(plan: Int, step: Int, started: UInt64, ended: UInt64) {
        let event = Event(
            plan: plan, step: step, start: Double(started &- beginning) * 1e-9,
            seconds: Double(ended &- started) * 1e-9)
        record.withLock { $0.events.append(event) }
    }
}
