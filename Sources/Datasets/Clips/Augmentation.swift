/// Random changes to training clips. What is drawn for a clip holds for all its frames.
///
/// Each draw depends on the seed, the epoch and the clip's position in the manifest alone.
public struct Augmentation: Sendable, Hashable, Codable {
    /// Whether the crop is at random rather than in the middle.
    public var randomCrop: Bool
    /// Probability of mirroring left and right. Off by default: mirrored motion may be another class.
    public var flipProbability: Double
    /// Largest change of brightness, as a share of the full range: 0.1 adds up to 25 levels, or takes them.
    public var brightness: Double
    /// Largest change of contrast about mid-grey: 0.2 scales by 0.8 to 1.2.
    public var contrast: Double
    /// How far the sampled frames may move, together, within their part of the video: from 0, which is the part's
    /// centre, to 1, which is anywhere in it.
    public var temporalJitter: Double

    public init(
        randomCrop: Bool = false, flipProbability: Double = 0, brightness: Double = 0, contrast: Double = 0,
        temporalJitter: Double = 0
    ) {
        self.randomCrop = randomCrop
        self.flipProbability = flipProbability
        self.brightness = brightness
        self.contrast = contrast
        self.temporalJitter = temporalJitter
    }

    /// Nothing is changed.
    public static let none = Augmentation()

    /// Random crop, somewhat brighter or darker, and any phase of sampling; no mirroring.
    public static let standard = Augmentation(randomCrop: true, brightness: 0.1, contrast: 0.2, temporalJitter: 1)
}

/// One draw of an augmentation.
struct ClipTransform: Sendable, Hashable {
    /// Where the crop lies within the room there is, 0..<1 down and across; nil is the middle.
    var crop: SIMD2<Double>?
    var isFlipped = false
    /// Contrast factor about 127.5, and levels added.
    var gain = 1.0
    var offset = 0.0
    /// Where in its part of the video each frame is taken, 0..<1; nil is the centre.
    var phase: Double?

    /// Leaves the clip as it is.
    static let identity = ClipTransform()

    private init() {}

    /// Draws. Every draw is made whatever the settings, so that changing one does not change the others' values.
    init(_ augmentation: Augmentation, seed: UInt64, epoch: Int, item: Int) {
        var random = SeededRandom(
            seed: seed, 0x41_5547, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(item)))
        let place = SIMD2(random.uniform(), random.uniform())
        let flip = random.uniform()
        let bright = random.uniform() * 2 - 1
        let contrast = random.uniform() * 2 - 1
        let time = random.uniform() - 0.5
        if augmentation.randomCrop { crop = place }
        isFlipped = flip < augmentation.flipProbability
        offset = bright * augmentation.brightness * 255
        gain = 1 + contrast * augmentation.contrast
        let jitter = min(1, max(0, augmentation.temporalJitter))
        if jitter > 0 { phase = 0.5 + time * jitter }
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
