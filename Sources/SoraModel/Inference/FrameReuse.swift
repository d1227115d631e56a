/// Which frames of a clip go through the network when those that have hardly changed do not.
///
/// A frame whose bytes differ from those of the last frame that went through by no more than `threshold` on average
/// takes over that frame's vector. Compared with the last one that went through, not with its neighbour, so that slow
/// change adds up and is seen.
package struct FrameReuse {
    /// Frames that go through the network, rising; the first frame always does.
    package private(set) var kept: [Int] = []
    /// For each frame, the place in `kept` of the frame whose vector it takes.
    package private(set) var sources: [Int] = []

    /// - Parameters:
    ///   - bytes: `[frame, height, width, 3]`.
    ///   - count: how many frames they are.
    ///   - threshold: the largest mean absolute difference of a byte, 0...255.
    /// - Cost: a pass over the bytes.
    package init(_ bytes: [UInt8], count: Int, threshold: Double) {
        let size = bytes.count / max(1, count)
        for frame in 0..<count {
            let isSame = kept.last.map { last in
                Self.meanDifference(bytes, frame * size, last * size, count: size) <= threshold
            }
            if isSame != true { kept.append(frame) }
            sources.append(kept.count - 1)
        }
    }

    /// The vectors of all frames from those of the kept ones, `[frame, feature]`.
    package func spread(_ features: [Float]) -> [Float] { Self.gather(sources, from: features, rows: kept.count) }

    /// Rows of `[rows, …]`, one after the other.
    private static func gather<Element>(_ chosen: [Int], from values: [Element], rows: Int) -> [Element] {
        let width = values.count / max(1, rows)
        return Array(chosen.map { values[$0 * width..<($0 + 1) * width] }.joined())
    }

    /// The mean absolute difference of `count` bytes from `first` on and as many from `second` on: 0...255.
    package static func meanDifference(_ bytes: [UInt8], _ first: Int, _ second: Int, count: Int) -> Double {
        guard count > 0 else { return 0 }
        var sum = 0
        let span = bytes.span
        var place = 0
        while place < count {
            // Blocks that a 32-bit sum holds, which the compiler turns into vector code.
            let end = min(place + 4096, count)
            var part: UInt32 = 0
            for index in place..<end {
                let (a, b) = (span[first + index], span[second + index])
                part &+= UInt32(a > b ? a &- b : b &- a)
            }
            sum += Int(part)
            place = end
        }
        return Double(sum) / Double(count)
    }
}
