internal import COneDNN

/// Splits `0 ..< count` among the threads that oneDNN uses, in multiples of `grain`. Each part is the same from run to
/// run. To be called on the compute thread.
func parallel(_ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void) {
    let units = (count + grain - 1) / grain
    guard units > 1 else {
        if count > 0 { body(0..<count) }
        return
    }
    withoutActuallyEscaping(body) { body in
        var part: (Int, Int) -> Void = { part, parts in
            let range = units * part / parts * grain..<min(count, units * (part + 1) / parts * grain)
            if !range.isEmpty { body(range) }
        }
        unsafe withUnsafeMutablePointer(to: &part) { context in
            unsafe sdnn_parallel(
                { context, part, parts in
                    guard let context = unsafe context else { return }
                    unsafe context.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee(Int(part), Int(parts))
                }, context)
        }
    }
}

/// Splits `range` among the threads that oneDNN uses, on the compute thread. Parts begin at multiples of 16 from its
/// start, and are the same from run to run.
func parallel(over range: Range<Int>, _ body: (Range<Int>) -> Void) throws {
    try ComputeThread.shared.run {
        parallel(range.count, grain: 16) { body(range.lowerBound + $0.lowerBound..<range.lowerBound + $0.upperBound) }
    }
}
