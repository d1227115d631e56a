import ArgumentParser
import Datasets

/// What is changed at random in training clips; what is not given is the preset's.
struct AugmentationArguments: ParsableArguments {
    @Option(
        help: """
            How strongly clips are changed at random, 0 (not at all) to 10: sets all of the following but --flip, \
            --mixup and --cutmix. Those given beside it go before.
            """)
    var strength: Double?

    @Flag(help: "Train on the clips as they are: the same as --strength 0.")
    var noAugmentation = false

    @Option(help: "Probability of mirroring a clip; leave it at 0 where left and right matter.")
    var flip: Double?

    @Option(
        help: "Smallest share of the picture's area that a random crop keeps and enlarges: 1 for crops at their size.")
    var cropArea: Double?

    @Option(help: "Largest change of a clip's brightness, as a share of the full range: 0.1 is 25 levels of 255.")
    var brightness: Double?

    @Option(help: "Largest change of a clip's contrast: 0.2 scales it by 0.8 to 1.2.")
    var contrast: Double?

    @Option(help: "Largest change of a clip's saturation: 0.2 scales it by 0.8 to 1.2.")
    var saturation: Double?

    @Option(help: "Probability of taking a clip's colour away.")
    var grey: Double?

    @Option(help: "Largest blur, as a share of the frame's height; half of the clips are blurred.")
    var blur: Double?

    @Option(help: "Largest noise, as a share of the full range.")
    var noise: Double?

    @Option(help: "Largest share of the frame that is hidden; in half of the clips.")
    var cutout: Double?

    @Option(
        help: "How far sampled frames may move in time, 0 (centre of their part of the clip) to 1 (anywhere in it).")
    var jitter: Double?

    @Option(
        help: "Smallest share of a clip's time that its frames are spread over: below 1, some are shown more slowly.")
    var shortestTime: Double?

    @Option(help: "How strongly clips of a batch are blended with one another, 0...1 (MixUp's alpha).")
    var mixup: Double?

    @Option(help: "How strongly a part of each clip is replaced by another's, 0...1 (CutMix's alpha).")
    var cutmix: Double?

    func validate() throws {
        try Bounds.check("--strength", strength, 0...10)
        try Bounds.check("--flip", flip, 0...1)
        try Bounds.check("--crop-area", cropArea, 0.01...1)
        try Bounds.check("--brightness", brightness, 0...1)
        try Bounds.check("--contrast", contrast, 0...1)
        try Bounds.check("--saturation", saturation, 0...1)
        try Bounds.check("--grey", grey, 0...1)
        try Bounds.check("--blur", blur, 0...0.25)
        try Bounds.check("--noise", noise, 0...1)
        try Bounds.check("--cutout", cutout, 0...1)
        try Bounds.check("--jitter", jitter, 0...1)
        try Bounds.check("--shortest-time", shortestTime, 0.01...1)
        try Bounds.check("--mixup", mixup, 0...1)
        try Bounds.check("--cutmix", cutmix, 0...1)
    }

    /// - Parameter preset: what the preset changes.
    func augmentation(preset: Augmentation) -> Augmentation {
        var result = noAugmentation ? .none : strength.map(Augmentation.strength) ?? preset
        if let flip { result.flipProbability = flip }
        if let cropArea { result.smallestArea = cropArea }
        if let brightness { result.brightness = brightness }
        if let contrast { result.contrast = contrast }
        if let saturation { result.saturation = saturation }
        if let grey { result.greyProbability = grey }
        if let blur { result.blur = blur }
        if let noise { result.noise = noise }
        if let cutout { result.cutout = cutout }
        if let jitter { result.temporalJitter = jitter }
        if let shortestTime { result.shortestTime = shortestTime }
        if let mixup { result.mixUp = mixup }
        if let cutmix { result.cutMix = cutmix }
        return result
    }
}
