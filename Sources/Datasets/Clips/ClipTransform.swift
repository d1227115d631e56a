/// One draw of an augmentation.
struct ClipTransform: Sendable, Hashable {
    /// A rectangle, in shares of the picture's height and width.
    struct Box: Sendable, Hashable {
        var top: Double
        var left: Double
        var height: Double
        var width: Double
    }

    /// Where the crop lies within the room there is, 0..<1 down and across; nil is the middle.
    var crop: SIMD2<Double>?
    /// The part of the stored picture that is brought to the clip's size; nil is a crop as large as the clip.
    var region: Box?
    var isFlipped = false
    /// Contrast factor about 127.5, and levels added.
    var gain = 1.0
    var offset = 0.0
    /// Factor of each pixel's distance from its grey.
    var saturation = 1.0
    /// Deviation of a Gaussian, as a share of the frame's height.
    var blur = 0.0
    /// Deviation of noise in levels, and where its numbers begin.
    var noise = 0.0
    var noiseSeed: UInt64 = 0
    /// What is hidden.
    var hidden: Box?
    /// Where in its part of the video each frame is taken, 0..<1; nil is the centre.
    var phase: Double?
    /// The part of the clip's time that is used, from its start and in its length, in shares of the whole.
    var start = 0.0
    var length = 1.0
    var isReversed = false
    /// Two draws, for a playback's part of the clip's time.
    private var part = SIMD2(0.5, 0.5)

    /// Leaves the clip as it is.
    static let identity = ClipTransform()

    /// Whether it leaves a clip as it is.
    var keepsAll: Bool {
        var plain = self
        (plain.part, plain.noiseSeed) = (Self.identity.part, Self.identity.noiseSeed)
        return plain == .identity
    }

    private init() {}

    /// Draws. Every draw is made whatever the settings, so that changing one does not change the others' values.
    init(_ augmentation: Augmentation, seed: UInt64, view: Int, item: Int) {
        var random = SeededRandom(
            seed: seed, 0x41_5547, UInt64(bitPattern: Int64(view)), UInt64(bitPattern: Int64(item)))
        func symmetric() -> Double { random.uniform() * 2 - 1 }
        let place = SIMD2(random.uniform(), random.uniform())
        let flip = random.uniform()
        let bright = symmetric()
        let contrast = symmetric()
        let time = random.uniform() - 0.5
        let (area, proportion) = (random.uniform(), symmetric())
        let (colour, grey) = (symmetric(), random.uniform())
        let (blurs, blurred) = (random.uniform() < 0.5, random.uniform())
        let noisy = random.uniform()
        noiseSeed = random.next()
        let (hides, share) = (random.uniform() < 0.5, random.uniform())
        let (hiddenPlace, hiddenProportion) = (SIMD2(random.uniform(), random.uniform()), symmetric())
        let (kept, begun) = (random.uniform(), random.uniform())
        part = SIMD2(kept, begun)

        if augmentation.randomCrop { crop = place }
        if augmentation.smallestArea < 1 {
            let smallest = max(augmentation.smallestArea, 0.01)
            region = Self.box(area: smallest + (1 - smallest) * area, proportion: proportion, place: place)
        }
        isFlipped = flip < augmentation.flipProbability
        offset = bright * augmentation.brightness * 255
        gain = 1 + contrast * augmentation.contrast
        saturation = grey < augmentation.greyProbability ? 0 : 1 + colour * augmentation.saturation
        if blurs { blur = blurred * augmentation.blur }
        noise = noisy * augmentation.noise * 255
        if hides, augmentation.cutout > 0 {
            hidden = Self.box(area: share * augmentation.cutout, proportion: hiddenProportion, place: hiddenPlace)
        }
        let jitter = min(1, max(0, augmentation.temporalJitter))
        if jitter > 0 { phase = 0.5 + time * jitter }
        if augmentation.shortestTime < 1 {
            let shortest = max(augmentation.shortestTime, 0.01)
            length = shortest + (1 - shortest) * kept
            start = (1 - length) * begun
        }
    }

    /// Makes the part of the clip's time the playback's, and its direction.
    mutating func play(_ playback: Playback) {
        length = playback.length.lowerBound + (playback.length.upperBound - playback.length.lowerBound) * part.x
        start = (1 - length) * part.y
        isReversed = playback.isReversed
    }

    /// A rectangle of a share of the picture's area, its sides in a proportion of 3:4 (-1) to 4:3 (1).
    private static func box(area: Double, proportion: Double, place: SIMD2<Double>) -> Box {
        let ratio = SeededMath.power(4.0 / 3, proportion)
        let (height, width) = (min(1, (area / ratio).squareRoot()), min(1, (area * ratio).squareRoot()))
        return Box(top: (1 - height) * place.x, left: (1 - width) * place.y, height: height, width: width)
    }

    /// New value of each sample value, or nil where none changes.
    var levels: [UInt8]? {
        guard gain != 1 || offset != 0 else { return nil }
        return (0..<256).map { level in
            let value = (Double(level) - 127.5) * gain + 127.5 + offset
            return value > 0 ? UInt8(min(255, value.rounded())) : 0
        }
    }
}
