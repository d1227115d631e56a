import Foundation
import Synchronization

/// Ctrl-C, or the signal with which service managers end a process, while something must be saved first: the first one
/// asks, the second one ends the process.
///
/// `@unchecked Sendable`: `sources` is touched in `init` and `deinit` only.
final class Interruption: @unchecked Sendable {
    private let received = Atomic<Int32>(0)
    private static let signals = [SIGINT, SIGTERM]
    private let sources: [any DispatchSourceSignal]

    init() {
        let queue = DispatchQueue(label: "sora.interruption")
        for number in Self.signals { signal(number, SIG_IGN) }
        sources = Self.signals.map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
        for (number, source) in zip(Self.signals, sources) {
            source.setEventHandler { [weak self] in
                guard let self else { return }
                // At once: what runs at a usual exit would take the kernels' memory from under the running step.
                if self.received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
                Console.note("\nstopping after this step; press Ctrl-C again to stop without saving")
            }
            source.resume()
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }

    /// The status with which a process ends that such a signal stopped: 130 for Ctrl-C. Nil if none came.
    var exitStatus: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : 128 + number
    }
}
