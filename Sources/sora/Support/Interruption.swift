import Foundation
import Synchronization

/// Ctrl-C while something must be saved first: the first one asks, the second one ends the process.
///
/// `@unchecked Sendable`: `source` is touched in `init` and `deinit` only.
final class Interruption: @unchecked Sendable {
    private let requested = Atomic<Bool>(false)
    private let source: any DispatchSourceSignal

    init() {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: DispatchQueue(label: "sora.interruption"))
        source.setEventHandler { [weak self] in
            guard let self else { return }
            if self.requested.exchange(true, ordering: .relaxed) { exit(130) }
            Console.note("\nstopping after this step; press Ctrl-C again to stop without saving")
        }
        source.resume()
    }

    deinit {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }

    /// Whether Ctrl-C was pressed.
    var isRequested: Bool { requested.load(ordering: .relaxed) }
}
