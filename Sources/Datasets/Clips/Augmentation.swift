/// Random changes to training clips. What is drawn for a clip holds for all its frames, but for the noise.
///
/// Each draw depends on the seed, the epoch and the clip's position in the manifest alone.
public struct Augmentation: Sendable, Hashable, Codable {
    /// Whether the crop is at random rather than in the middle.
    public var randomCrop = false
    /// The smallest share of the picture's area that a crop keeps, brought to the clip's size again, its sides in
    /// proportions of 3:4 to 4:3 (Szegedy et al. 2015). 1 keeps crops at their own size.
    public var smallestArea = 1.0
    /// Probability of mirroring left and right. Off by default: mirrored motion may be another class.
    public var flipProbability = 0.0
    /// Largest change of brightness, as a share of the full range: 0.1 adds up to 25 levels, or takes them.
    public var brightness = 0.0
    /// Largest change of contrast about mid-grey: 0.2 scales by 0.8 to 1.2.
    public var contrast = 0.0
    /// Largest change of saturation: 0.2 scales each pixel's distance from its grey by 0.8 to 1.2.
    public var saturation = 0.0
    /// Probability of no colour at all.
    public var greyProbability = 0.0
    /// Largest deviation of a Gaussian blur, as a share of the frame's height; half of the clips are blurred.
    public var blur = 0.0
    /// Largest deviation of Gaussian noise, as a share of the full range; each frame has its own.
    public var noise = 0.0
    /// Largest share of the frame that a grey rectangle hides (DeVries & Taylor 2017); half of the clips have one.
    public var cutout = 0.0
    /// How far the sampled frames may move, together, within their part of the video: from 0, which is the part's
    /// centre, to 1, which is anywhere in it.
    public var temporalJitter = 0.0
    /// The smallest share of the clip's time that its frames are spread over: below 1, clips are cut in time at random,
    /// and what is left is shown more slowly.
    public var shortestTime = 1.0
    /// How strongly clips of a batch are blended with one another, labels too: both parameters of the Beta distribution
    /// that the shares are drawn from (MixUp, Zhang et al. 2018), 0...1. 0 for none.
    public var mixUp = 0.0
    /// The same for clips of which a rectangle is another's, through all frames (CutMix, Yun et al. 2019). With both,
    /// half of the batches get either.
    public var cutMix = 0.0

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

    /// Every change that leaves a clip's class alone, all the stronger the larger `strength` is: one number to choose,
    /// as in RandAugment (Cubuk et al. 2020). No mirroring and no blending of clips: those are for the user to say.
    /// - Parameter strength: 0, which is `none`, to 10.
    public static func strength(_ strength: Double) -> Augmentation {
        let strength = min(max(strength, 0), 10)
        guard strength > 0 else { return .none }
        var result = Augmentation(
            randomCrop: true, brightness: 0.04 * strength, contrast: 0.05 * strength,
            temporalJitter: min(1, strength))
        result.smallestArea = 1 - 0.07 * strength
        result.saturation = 0.06 * strength
        result.greyProbability = 0.02 * strength
        result.blur = 0.002 * strength
        result.noise = 0.005 * strength
        result.cutout = 0.03 * strength
        result.shortestTime = 1 - 0.05 * strength
        return result
    }

    /// Whether a clip's frames are cut out of more of its picture than they hold.
    var movesCrop: Bool { randomCrop || smallestArea < 1 }
    /// Whether a clip's frames are chosen among more than it has.
    var movesTime: Bool { temporalJitter > 0 || shortestTime < 1 }
}
