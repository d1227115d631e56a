import Foundation

/// Makes elements in background threads, a few ahead of whoever takes them, and hands them out in order.
///
/// The makers wait once `ahead` elements are ready or in the making, so memory is bounded however slow the taker is.
/// One taker at a time.
package final class Prefetch<Element: Sendable> {
    private let shared: Shared
    private var taken = 0

    /// - Parameters:
    ///   - count: how many elements there are.
    ///   - threads: how many to make at a time.
    ///   - ahead: how many may be ready or in the making.
    ///   - make: makes element `index`; called from several threads at once.
    package init(count: Int, threads: Int, ahead: Int, make: @escaping @Sendable (_ index: Int) -> Element) {
        let shared = Shared(count: count, ahead: max(ahead, 1))
        self.shared = shared
        for number in 0..<min(max(threads, 1), max(ahead, 1), count) {
            let thread = Thread {
                while let index = shared.claim() { shared.deliver(make(index), at: index) }
            }
            thread.name = "sora prefetch \(number)"
            // Decoders put large tables on the stack.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit { shared.cancel() }

    /// The next element, waiting for it if need be; nil after the last.
    package func next() -> Element? {
        defer { taken += 1 }
        return shared.take(taken)
    }

    /// What the threads share. `@unchecked Sendable`: every stored variable is guarded by `condition`.
    private final class Shared: @unchecked Sendable {
        private let condition = NSCondition()
        private let count: Int
        private let ahead: Int
        private var claimed = 0
        private var taken = 0
        private var ready: [Int: Element] = [:]
        private var isCancelled = false

        init(count: Int, ahead: Int) {
            self.count = count
            self.ahead = ahead
        }

        /// The next element to make, once there is room for it; nil when there is none left or nobody to take it.
        func claim() -> Int? {
            condition.withLock {
                while !isCancelled, claimed < count, claimed - taken >= ahead { condition.wait() }
                guard !isCancelled, claimed < count else { return nil }
                claimed += 1
                return claimed - 1
            }
        }

        func deliver(_ element: Element, at index: Int) {
            condition.withLock {
                ready[index] = element
                condition.broadcast()
            }
        }

        func take(_ index: Int) -> Element? {
            condition.withLock {
                guard index < count else { return nil }
                while ready[index] == nil, !isCancelled { condition.wait() }
                taken = index + 1
                condition.broadcast()
                return ready.removeValue(forKey: index)
            }
        }

        func cancel() {
            condition.withLock {
                isCancelled = true
                condition.broadcast()
            }
        }
    }
}
