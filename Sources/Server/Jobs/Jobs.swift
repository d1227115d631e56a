internal import Synchronization

/// The jobs there are, done one after the other beside the requests.
final class Jobs: Sendable {
    private struct State {
        var jobs: [Job] = []
        var cancelled: Set<Int> = []
        var next = 1
        var isClosed = false
    }

    private let state = Mutex(State())
    private let thread = WorkThread("jobs", .patient)
    /// Jobs that may wait, and those that are over that are kept.
    private static let (room, past) = (16, 64)

    /// Asks for a job.
    /// - Parameter body: does it, on another thread; tells what comes of it through the handle.
    /// - Throws: `Failure.busy` where too many wait.
    func start(_ kind: Job.Kind, _ body: @escaping @Sendable (Handle) throws -> Void) throws -> Job {
        let job = try state.withLock { state in
            guard !state.isClosed, state.jobs.count(where: { !$0.isOver }) < Self.room else { throw Failure.busy }
            let job = Job(id: state.next, kind: kind)
            state.next += 1
            state.jobs.append(job)
            while state.jobs.count > Self.past, let old = state.jobs.firstIndex(where: \.isOver) {
                state.jobs.remove(at: old)
            }
            return job
        }
        let handle = Handle(jobs: self, id: job.id)
        thread.perform {
            guard !handle.isCancelled else { return handle.change { $0.state = .cancelled } }
            handle.change { $0.state = .running }
            do {
                try body(handle)
                let end: Job.State = handle.isCancelled ? .cancelled : .done
                handle.change { $0.state = end }
            } catch {
                handle.change {
                    $0.state = .failed
                    $0.message = Failure(error).message
                }
            }
        }
        return job
    }

    var all: [Job] { state.withLock(\.jobs) }

    func job(_ id: Int) -> Job? { state.withLock { $0.jobs.first { $0.id == id } } }

    /// Stops a job after the file that it is at.
    func cancel(_ id: Int) { state.withLock { _ = $0.cancelled.insert(id) } }

    /// Stops all jobs after the files that they are at, takes no more, and waits until they have stopped.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.cancelled.formUnion(state.jobs.map(\.id))
        }
        thread.finish()
    }

    var isClosed: Bool { state.withLock(\.isClosed) }

    /// What a job tells its progress by.
    struct Handle: Sendable {
        fileprivate let jobs: Jobs
        let id: Int

        /// Whether it is to stop.
        var isCancelled: Bool { jobs.state.withLock { $0.cancelled.contains(id) } }

        func change(_ body: (inout Job) -> Void) {
            jobs.state.withLock { state in
                guard let place = state.jobs.firstIndex(where: { $0.id == id }) else { return }
                body(&state.jobs[place])
                state.jobs[place].version += 1
            }
        }
    }
}
