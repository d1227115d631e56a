package import Foundation

/// What a clip looks like and how that changes, small enough to compare thousands of clips with one another.
///
/// Up to 64 pictures of 8x8 grey levels, at equal steps of time from the first frame: an eighth of a second, doubled
/// until 64 are enough. A clip's sample `n` is what is shown at `n * step` seconds.
public struct ClipSignature: Sendable, Hashable, Codable {
    /// Cells on a side.
    package static let side = 8
    /// Numbers of one picture.
    package static let cells = side * side
    /// Most pictures.
    package static let most = 64
    /// The shortest step, in seconds.
    static let shortestStep = 0.125

    /// Seconds between two pictures: `0.125 * 2^n`.
    package var step: Double
    /// `[picture, row, column]`, 0...255.
    package var levels: Data

    package init(step: Double, levels: Data) {
        self.step = step
        self.levels = levels
    }

    /// How many pictures there are.
    package var count: Int { levels.count / Self.cells }

    /// The time that its pictures stand for, in seconds.
    var seconds: Double { Double(count) * step }

    /// Whether these are numbers that a clip can have.
    package var isSound: Bool {
        guard (1...Self.most).contains(count), levels.count % Self.cells == 0, step.isFinite, step > 0 else {
            return false
        }
        let doublings = log2(step / Self.shortestStep)
        return doublings >= 0 && doublings == doublings.rounded()
    }

    /// The pictures at a step that is this one's, doubled some times.
    package func levels(at wanted: Double) -> [UInt8] {
        let stride = max(1, Int((wanted / step).rounded()))
        guard stride > 1 else { return Array(levels) }
        let bytes = Array(levels)
        return Swift.stride(from: 0, to: count, by: stride).flatMap {
            bytes[$0 * Self.cells..<($0 + 1) * Self.cells]
        }
    }

    /// Makes a signature of frames as they come.
    package struct Builder {
        private var step = ClipSignature.shortestStep
        private var levels: [UInt8] = []
        private var next = 0
        private var last: [UInt8] = []

        package init() {}

        /// Takes a frame.
        /// - Parameters:
        ///   - luma: `[side, side]`, `side` a multiple of 8.
        ///   - seconds: when it is shown, from the clip's first frame on; not before the one before it.
        package mutating func add(_ luma: [UInt8], side: Int, seconds: Double) {
            guard seconds.isFinite else { return }
            // A jump of time would ask for any number of pictures.
            while seconds / step >= Double(4 * ClipSignature.most) { halve() }
            let picture = Self.shrink(luma, side: side)
            while Double(next) * step < seconds - 1e-6 { append(last.isEmpty ? picture : last) }
            if Double(next) * step <= seconds + 1e-6 { append(picture) }
            last = picture
        }

        private mutating func append(_ picture: [UInt8]) {
            levels += picture
            next += 1
            if next > ClipSignature.most { halve() }
        }

        private mutating func halve() {
            var kept: [UInt8] = []
            for picture in stride(from: 0, to: next, by: 2) {
                kept += levels[picture * ClipSignature.cells..<(picture + 1) * ClipSignature.cells]
            }
            levels = kept
            next = (next + 1) / 2
            step *= 2
        }

        private static func shrink(_ luma: [UInt8], side: Int) -> [UInt8] {
            let block = side / ClipSignature.side
            var result: [UInt8] = []
            for row in 0..<ClipSignature.side {
                for column in 0..<ClipSignature.side {
                    var sum = 0
                    for y in row * block..<(row + 1) * block {
                        for x in column * block..<(column + 1) * block { sum += Int(luma[y * side + x]) }
                    }
                    result.append(UInt8(clamping: (sum + block * block / 2) / (block * block)))
                }
            }
            return result
        }

        package var signature: ClipSignature { ClipSignature(step: step, levels: Data(levels)) }
    }
}
