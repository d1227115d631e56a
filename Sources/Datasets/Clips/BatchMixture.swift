/// How the clips of a batch are blended with one another: each with the next, the last with the first, all alike.
///
/// With MixUp the whole clip is blended, with CutMix a rectangle of each frame is the other's. The own clip has the
/// larger share, so its labels are still the likelier ones.
public struct BatchMixture: Sendable, Hashable {
    /// What a clip keeps of itself, 1/2...1.
    public private(set) var share: Float
    /// What is the other's, in shares of the frame; nil where all of it is blended.
    private var box: ClipTransform.Box?

    /// Draws for one step; nil where nothing is blended.
    /// - Parameter step: of the run, so that each has another draw.
    public init?(_ augmentation: Augmentation, seed: UInt64, step: Int) {
        guard augmentation.mixUp > 0 || augmentation.cutMix > 0 else { return nil }
        var random = SeededRandom(seed: seed, 0x4D_4958, UInt64(bitPattern: Int64(step)))
        let cuts = augmentation.cutMix > 0 && (augmentation.mixUp == 0 || random.uniform() < 0.5)
        let drawn = Self.beta(min(1, cuts ? augmentation.cutMix : augmentation.mixUp), &random)
        share = Float(max(drawn, 1 - drawn))
        if cuts {
            let side = Double(1 - share).squareRoot()
            box = ClipTransform.Box(
                top: (1 - side) * random.uniform(), left: (1 - side) * random.uniform(), height: side, width: side)
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
    /// - Parameter frames: `[clip, frame, height, width, 3]`
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
        let (top, left) = (Int(box.top * Double(height)), Int(box.left * Double(width)))
        let (tall, wide) = (Int(box.height * Double(height)), Int(box.width * Double(width)))
        for row in 0..<frames.count / (width * 3) where (top..<top + tall).contains(row % height) {
            let first = (row * width + left) * 3
            for index in first..<first + wide * 3 { result[index] = frames[(index + clip) % frames.count] }
        }
        return result
    }
}
