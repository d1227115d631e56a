internal import Foundation
internal import Synchronization

/// The one thread from which oneDNN is called.
///
/// libgomp keeps a team of workers for each thread that calls it, and two teams on two cores are slower than one.
final class ComputeThread: Sendable {
    static let shared = ComputeThread()

    /// What one call asks for. Guard of `@unchecked`: the caller waits for `done` before it touches anything again.
    private final class Job: @unchecked Sendable {
        var body: (() -> Void)?
        let done = DispatchSemaphore(value: 0)
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private static let key = "sora.compute"
    private let jobs = Mutex<[Job]>([])
    private let waiting = DispatchSemaphore(value: 0)

    private init() {
        let thread = Thread { [unowned self] in
            Thread.current.threadDictionary[Self.key] = true
            while true {
                self.waiting.wait()
                guard let job = self.jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
                job.body?()
                // Nothing may hold the closure once the caller goes on: it borrows from the caller's stack.
                job.body = nil
                job.done.signal()
            }
        }
        thread.name = Self.key
        thread.stackSize = 16 << 20
        thread.start()
    }

    /// Runs `body` there and waits for it. Calls from different threads go one after the other.
    func run<Result>(_ body: () throws -> Result) throws -> Result {
        if Thread.current.threadDictionary[Self.key] != nil { return try body() }
        var outcome: Swift.Result<Result, any Error> = .failure(
            NeuralError(.backend, "the compute thread gave no result"))
        withoutActuallyEscaping(body) { body in
            let job = Job { outcome = Swift.Result { try body() } }
            jobs.withLock { $0.append(job) }
            waiting.signal()
            job.done.wait()
        }
        return try outcome.get()
    }
}
