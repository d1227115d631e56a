/// How the clips of a batch are blended with one another: each with the next, the last with the first, all alike.
///
/// With MixUp the whole clip is blended, with CutMix a rectangle of each frame is the other's. The own clip has the
/// larger share, so its labels are still the likelier ones. Where only vectors of frames are known, CutMix blends as MixUp
/// does, by shares of its own.
public struct BatchMixture: Sendable, Hashable {
    /// What a clip keeps of itself, 1/2...1.
    public private(set) var share: Float
    /// The pixels that are the other's; nil where all of it is blended.
    private var box: Box?

    private struct Box: Hashable {
        var rows: Range<Int>
        var columns: Range<Int>
    }

    /// Draws for one step; nil where nothing is blended.
    /// - Parameters:
    ///   - size: height and width of the frames, in pixels; nil where vectors are blended.
    ///   - step: of the run, so that each has another draw.
    public init?(_ augmentation: Augmentation, size: (height: Int, width: Int)?, seed: UInt64, step: Int) {
        guard augmentation.mixUp > 0 || augmentation.cutMix > 0 else { return nil }
        var random = SeededRandom(seed: seed, 0x4D_4958, UInt64(bitPattern: Int64(step)))
        let cuts = augmentation.cutMix > 0 && (augmentation.mixUp == 0 || random.uniform() < 0.5)
        let drawn = Self.beta(min(1, cuts ? augmentation.cutMix : augmentation.mixUp), &random)
        share = Float(max(drawn, 1 - drawn))
        if cuts, let size {
            let side = Double(1 - share).squareRoot()
            func range(of length: Int) -> Range<Int> {
                let part = Int(side * Double(length))
                let start = Int(Double(length - part) * random.uniform())
                return start..<start + part
            }
            let (rows, columns) = (range(of: size.height), range(of: size.width))
            box = Box(rows: rows, columns: columns)
            // Whole pixels are what the labels go by.
            share = 1 - Float(rows.count * columns.count) / Float(max(size.height * size.width, 1))
        }
    }

    /// A number of the Beta distribution whose parameters are both `shape`, 0 < `shape` <= 1 (Jöhnk 1964).
    private static func beta(_ shape: Double, _ random: inout SeededRandom) -> Double {
        while true {
            let (a, b) = (
                SeededMath.power(random.uniform(), 1 / shape), SeededMath.power(random.uniform(), 1 / shape)
            )
            if a + b > 0, a + b <= 1 { return a / (a + b) }
        }
    }

    /// Blends rows of numbers, one row a clip: targets, or the vectors of frames, of which all is blended.
    public func blend(_ rows: [Float], clips: Int) -> [Float] {
        let width = rows.count / max(clips, 1)
        return rows.indices.map { share * rows[$0] + (1 - share) * rows[($0 + width) % rows.count] }
    }

    /// Blends clips.
    /// - Parameter frames: `[clip, frame, height, width, 3]`, of the size that was drawn for.
    public func blend(_ frames: [UInt8], clips: Int, height: Int, width: Int) -> [UInt8] {
        let clip = frames.count / max(clips, 1)
        guard clips > 1, clip > 0 else { return frames }
        guard let box else {
            let own = Int((share * 256).rounded())
            return frames.indices.map { index in
                UInt8((own * Int(frames[index]) + (256 - own) * Int(frames[(index + clip) % frames.count]) + 128) >> 8)
            }
        }
        var result = frames
        for row in 0..<frames.count / (width * 3) where box.rows.contains(row % height) {
            let first = (row * width + box.columns.lowerBound) * 3
            for index in first..<first + box.columns.count * 3 { result[index] = frames[(index + clip) % frames.count] }
        }
        return result
    }
}
