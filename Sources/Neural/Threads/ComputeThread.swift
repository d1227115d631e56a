internal import Foundation
internal import Synchronization

/// The one thread from which oneDNN is called.
///
/// libgomp keeps a team of workers for each thread that calls it, and two teams on two cores are slower than one.
final class ComputeThread: Sendable {
    /// Something to do there.
    protocol Work: AnyObject {
        func perform()
    }

    static let shared = ComputeThread()

    /// What is to be done next. Guard of `@unchecked`: who asks for it waits until it is done.
    private struct Slot: @unchecked Sendable {
        var work: (any Work)?
    }

    private let slot = Mutex(Slot())
    /// One after the other.
    private let turn = DispatchSemaphore(value: 1)
    private let asked = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)
    private let thread = Mutex<ObjectIdentifier?>(nil)

    private init() {
        let thread = Thread { [unowned self] in
            var contention = Contention()
            while true {
                self.asked.wait()
                var work = self.slot.withLock { $0.work.take() }
                contention.watch { work?.perform() }
                // Nothing may hold it once the caller goes on.
                work = nil
                self.done.signal()
            }
        }
        thread.name = "sora.compute"
        thread.stackSize = 16 << 20
        let identity = ObjectIdentifier(thread)
        self.thread.withLock { $0 = identity }
        thread.start()
    }

    /// Has `work` done there and waits for it, without allocating anything. Calls from different threads go one after the
    /// other; from the compute thread itself it is done at once.
    func perform(_ work: any Work) {
        if thread.withLock({ $0 }) == ObjectIdentifier(Thread.current) { return work.perform() }
        turn.wait()
        slot.withLock { [work = Slot(work: work)] in $0 = work }
        asked.signal()
        done.wait()
        turn.signal()
    }

    /// Runs `body` there and waits for it.
    func run<Result>(_ body: () throws -> Result) throws -> Result {
        try withoutActuallyEscaping(body) { body in
            let call = Call(body)
            perform(call)
            guard let outcome = call.outcome else {
                throw NeuralError(.backend, "the compute thread gave no result")
            }
            return try outcome.get()
        }
    }

    private final class Call<Result>: Work {
        private var body: (() throws -> Result)?
        private(set) var outcome: Swift.Result<Result, any Error>?

        init(_ body: @escaping () throws -> Result) { self.body = body }

        func perform() {
            outcome = body.map { body in Swift.Result { try body() } }
            body = nil
        }
    }
}
