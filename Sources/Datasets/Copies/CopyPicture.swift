internal import Media

/// What an edit does to each frame of a video: the same to all, but for the noise.
struct CopyPicture {
    let edit: CopyEdit
    let strength: Int
    /// Pixels of the original.
    let height: Int
    let width: Int
    /// The part of the picture that is kept, in pixels.
    private let kept: (top: Int, left: Int, height: Int, width: Int)
    /// By what levels are multiplied about mid-grey, what is added to them, and what share of colour is left.
    private var light: (gain: Float, offset: Float, colour: Float) = (1, 0, 1)
    /// The corner of the mark, 0...3 from top left by rows, and its colours.
    private let corner: Int
    private let colours: [SIMD3<Float>]
    private var random: SeededRandom

    init(_ edit: CopyEdit, strength: Int, height: Int, width: Int, _ random: inout SeededRandom) {
        (self.edit, self.strength, self.height, self.width) = (edit, strength, height, width)
        let share =
            switch edit {
            case .cropped: CopyEdit.by(strength, 0.85, 0.65, 0.45)
            case .mirrored: CopyEdit.by(strength, 1, 0.85, 0.7)
            default: 1.0
            }
        // An even number of pixels, as codecs want them.
        let (keptHeight, keptWidth) = (Self.even(height, share.squareRoot()), Self.even(width, share.squareRoot()))
        kept = (
            random.integer(below: height - keptHeight + 1), random.integer(below: width - keptWidth + 1), keptHeight,
            keptWidth
        )
        if edit == .recoloured {
            let change = Float(CopyEdit.by(strength, 0.12, 0.25, 0.4))
            func sign() -> Float { random.uniform() < 0.5 ? -1 : 1 }
            light = (
                1 + sign() * change, sign() * change * 90, strength == 3 && sign() > 0 ? 0 : 1 + sign() * change * 1.5
            )
        }
        corner = random.integer(below: 4)
        colours = (0..<2).map { _ in
            SIMD3(Float(random.uniform()), Float(random.uniform()), Float(random.uniform())) * 255
        }
        self.random = SeededRandom(seed: UInt64(random.integer(below: 1 << 30)), 0x6E_6F69)
    }

    /// Height and width of the copy's frames.
    var size: (height: Int, width: Int) { (kept.height, kept.width) }

    /// - Parameter frame: RGB bytes, `[height, width, 3]`.
    /// - Returns: the same, of `size`.
    mutating func apply(to frame: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: kept.height * kept.width * 3)
        for row in 0..<kept.height {
            for column in 0..<kept.width {
                let from = edit == .mirrored ? kept.width - 1 - column : column
                let source = ((kept.top + row) * width + kept.left + from) * 3
                let place = (row * kept.width + column) * 3
                var colour = SIMD3(Float(frame[source]), Float(frame[source + 1]), Float(frame[source + 2]))
                change(&colour, row, column)
                for channel in 0..<3 { result[place + channel] = UInt8(min(max(colour[channel], 0), 255)) }
            }
        }
        return result
    }

    private mutating func change(_ colour: inout SIMD3<Float>, _ row: Int, _ column: Int) {
        switch edit {
        case .recoloured:
            let grey = Luma.of(colour)
            colour = SIMD3(repeating: grey) + (colour - grey) * light.colour
            colour = (colour - 128) * light.gain + 128 + light.offset
        case .logo:
            let side = Double(CopyEdit.by(strength, 0.18, 0.3, 0.42))
            let (markHeight, markWidth) = (Int(Double(height) * side), Int(Double(width) * side))
            let (y, x) = (
                corner < 2 ? row - height / 20 : height - height / 20 - 1 - row,
                corner % 2 == 0 ? column - width / 20 : width - width / 20 - 1 - column
            )
            guard (0..<markHeight).contains(y), (0..<markWidth).contains(x) else { return }
            // Stripes on a disc on a plain ground.
            let (v, u) = (Float(y) / Float(markHeight) - 0.5, Float(x) / Float(markWidth) - 0.5)
            colour = u * u + v * v < 0.16 && Int((u + v + 2) * 8) % 2 == 0 ? colours[0] : colours[1]
        case .barred:
            let bar = Int(Double(height) * CopyEdit.by(strength, 0.08, 0.15, 0.22))
            if row < bar || row >= height - bar { colour = .zero }
        case .noisy:
            let reach = CopyEdit.by(strength, 12.0, 28.0, 50.0)
            // Two uniform numbers are near enough to a normal one.
            colour += SIMD3(repeating: Float((random.uniform() + random.uniform() - 1) * reach * 1.7))
        default: break
        }
    }

    private static func even(_ pixels: Int, _ share: Double) -> Int {
        max(2, Int(Double(pixels) * share) / 2 * 2)
    }
}
