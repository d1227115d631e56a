internal import COneDNN

/// A loop that is split among the threads that oneDNN uses: made once, it runs without allocating anything.
///
/// Guard: it runs on the compute thread, and the threads it is split among end their parts before `run` returns.
final class ParallelLoop {
    private let count: Int
    private let grain: Int
    private let body: (Range<Int>) -> Void

    /// - Parameters:
    ///   - count: how many there are of what `body` is given ranges of.
    ///   - grain: the ranges begin at multiples of this. Each is the same from run to run.
    init(_ count: Int, grain: Int = 1, _ body: @escaping (Range<Int>) -> Void) {
        self.count = count
        self.grain = grain
        self.body = body
    }

    private var units: Int { (count + grain - 1) / grain }

    /// To be called on the compute thread.
    func run() {
        guard units > 1 else {
            if count > 0 { body(0..<count) }
            return
        }
        unsafe sdnn_parallel(
            { context, part, parts in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<ParallelLoop>.fromOpaque(context)._withUnsafeGuaranteedRef {
                    $0.run(Int(part), of: Int(parts))
                }
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func run(_ part: Int, of parts: Int) {
        let range = units * part / parts * grain..<min(count, units * (part + 1) / parts * grain)
        if !range.isEmpty { body(range) }
    }
}

/// Splits `0 ..< count` among the threads that oneDNN uses, in multiples of `grain`. Each part is the same from run to
/// run. To be called on the compute thread.
func parallel(_ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void) {
    withoutActuallyEscaping(body) { ParallelLoop(count, grain: grain, $0).run() }
}

/// Splits `range` among the threads that oneDNN uses, on the compute thread. Parts begin at multiples of 16 from its
/// start, and are the same from run to run.
func parallel(over range: Range<Int>, _ body: (Range<Int>) -> Void) throws {
    try ComputeThread.shared.run {
        parallel(range.count, grain: 16) { body(range.lowerBound + $0.lowerBound..<range.lowerBound + $0.upperBound) }
    }
}
