import ArgumentParser
import Classifiers
import Datasets
import Foundation
import SoraModel
import Training

/// Which classifier is fitted, to what, and how its settings are chosen.
struct FitOptions: ParsableArguments {
    @Option(help: "The method.")
    var classifier: ClassifierKind

    @Option(help: "What it is called from then on; the method's name where not given.")
    var name: String?

    @Option(
        help: """
            What it looks at: the model's embedding, or of its frames' vectors the mean, deviation and change over time \
            (pooled), or the course, deviation and change (motion), which take nothing learnt from clips (default: the \
            embedding, if it was trained).
            """)
    var features: ClipFeatures?

    @Option(help: "Manifest column whose equal values are never split apart (a scene, a source).")
    var groupBy: String?

    @Option(help: "Leave out the clips with this value in a column, to evaluate on later: fold=3.")
    var holdOut: Manifest.Selection?

    @Option(help: "Folds of the cross-validation; 0 for none (default: 5, or as many as the clips allow).")
    var folds: Int?

    @Option(help: "Values to try for a setting rather than its own: C=1,10. May be given for each.")
    var grid: [GridOption] = []

    @Option(help: "Views of each clip: the clip itself, and others with random crop, brightness and timing.")
    var views = 1

    @Option(help: "Probability of mirroring a view; leave it at 0 where left and right matter.")
    var flip = 0.0

    @Option(
        help: """
            Where classes have unequal numbers of clips: weights lets rare ones count as much as frequent ones, auto looks \
            at the numbers and says what it chose.
            """)
    var balance = Balance.auto

    @Option(
        help: """
            Also measure all of it: for each value of this column, fit to the clips of the others and judge those, the \
            settings chosen anew each time.
            """)
    var judgeBy: String?

    @Option(
        help: "With --judge-by: write what was said of each clip, .csv or .jsonl, for 'sora compare'.",
        completion: .file())
    var predictions: String?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Option(
        help: "Folder in which clips' vectors are kept (default: sora-vectors beside the output).",
        completion: .directory)
    var cache: String?

    @Flag(help: "Keep no vectors.")
    var noCache = false

    @Flag(name: .customLong("default"), help: "Use it from then on where no classifier is named.")
    var `default` = false

    @Option(help: "Draw the tree into this file, with --classifier tree: an SVG.", completion: .file())
    var tree: String?

    func validate() throws {
        if let folds, folds != 0 { try Bounds.check("--folds", folds, 2...100) }
        try Bounds.check("--views", views, 1...1000)
        try Bounds.check("--flip", flip, 0...1)
        guard ClipClassifier.isName(chosenName) else {
            throw ValidationError(
                "--name takes up to 64 letters, digits, dots, dashes and underscores, and not '\(ClipClassifier.headName)'"
            )
        }
        if flip > 0, views == 1 { throw ValidationError("--flip is for further --views") }
        if tree != nil, classifier != .tree { throw ValidationError("--tree draws the tree of --classifier tree") }
        if noCache, cache != nil { throw ValidationError("give either --cache or --no-cache") }
        if balance == .weights, !classifier.canBalance {
            throw ValidationError("--balance weights does nothing with --classifier \(classifier.rawValue)")
        }
        if judgeBy == nil, predictions != nil { throw ValidationError("--predictions goes with --judge-by") }
        if let predictions { _ = try PredictionTable.Format(path: predictions) }
        do {
            _ = try classifier.grid(
                featureCount: 1, given: Dictionary(grid.map { ($0.name, $0.values) }, uniquingKeysWith: +))
        } catch { throw ValidationError("--grid: \(error)") }
    }

    /// What is done about classes of unequal size.
    enum Balance: String, ExpressibleByArgument, CaseIterable {
        case auto, none, weights
    }

    /// Whether rare classes count as much as frequent ones; with a note of what `auto` chose. As in training, 3 clips for
    /// 2 are left as they are.
    func balances(_ labels: [Int]) -> Bool {
        guard balance == .auto else { return balance == .weights }
        let imbalance = Imbalance(Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +).values)
        guard imbalance.isLarge, classifier.canBalance else { return false }
        Console.note("\(imbalance): rare classes count as much as frequent ones (--balance weights)")
        return true
    }

    /// What the classifier is called.
    var chosenName: String { name ?? classifier.rawValue }

    /// How further views differ from the clip.
    var augmentation: Augmentation {
        var augmentation = Augmentation.standard
        augmentation.flipProbability = flip
        return augmentation
    }

    /// Where vectors are kept.
    func cacheFolder(beside output: String) -> String? {
        if noCache { return nil }
        return cache ?? URL(fileURLWithPath: output).deletingLastPathComponent().path + "/sora-vectors"
    }

    /// What the classifier looks at.
    /// - Throws: `ModelError.configuration` if that is an embedding that was never trained.
    func features(of model: Model) throws -> ClipFeatures {
        let isTrained = model.shelf.isHeadTrained
        if features == .embedding, !isTrained {
            throw ModelError(
                .configuration,
                "the layers that make this model's embedding were never trained, since --weights gives a backbone alone; use "
                    + "--features pooled or motion, or a trained model in the place of --weights")
        }
        return features ?? (isTrained ? .embedding : .pooled)
    }

    /// The manifest with its groups.
    /// - Throws: `TrainingError.data` if a clip has several labels, or none.
    func grouped(_ manifest: Manifest) throws -> Manifest {
        if manifest.isMultiLabel {
            throw TrainingError(
                .data,
                "\(manifest.source): a classifier takes one label a clip, and clips here have several, or none; "
                    + "train a model with 'sora train --head multiLabel' instead")
        }
        let manifest = try groupBy.map { try manifest.grouped(by: $0) } ?? manifest
        if folds != 0 || judgeBy != nil, !manifest.items.contains(where: { $0.group != nil }) {
            Console.note(
                "note: no groups are given, so clips that share a scene may be on both sides of a fold; --group-by names a "
                    + "column that keeps them together")
        }
        return manifest
    }

    /// Positions of the clips that are not held out.
    func kept(of manifest: Manifest) throws -> [Int] {
        try holdOut.map { try manifest.positions(matching: $0, inverted: true) } ?? Array(manifest.items.indices)
    }

    /// Positions of the clips to fit to: those of the manifest's training part, if it has parts, that are not held out.
    func items(of manifest: Manifest) throws -> [Int] {
        let kept = try kept(of: manifest)
        let training = kept.filter { manifest.items[$0].part == nil || manifest.items[$0].part == .training }
        guard !training.isEmpty else {
            throw TrainingError(.data, "\(manifest.source): its split column leaves no clip to fit to")
        }
        return training
    }

    /// The folds to compare settings on; none where they are not wanted, or the clips are too few.
    func folds(of manifest: Manifest, _ items: [Int]) throws -> [Fold] {
        if folds == 0 { return [] }
        let groups = Set(items.compactMap { manifest.items[$0].group })
        // Clips without a group stand for themselves.
        var kinds: [[Int]: Set<String>] = [:]
        for item in items {
            kinds[manifest.items[item].labels, default: []].insert(manifest.items[item].group ?? "\(item) alone")
        }
        if let (labels, _) = kinds.first(where: { kinds.count == 2 && $0.value.count < 2 }) {
            let name = labels.map { manifest.classes[$0] }.joined(separator: "|")
            let what = "all clips of \(name) are of one group, so that none can be judged by others"
            guard folds == nil else { throw TrainingError(.data, "\(manifest.source): \(what); give --folds 0") }
            Console.note("note: \(what): the settings are the middle of those that would be compared")
            return []
        }
        let most = min(5, groups.isEmpty ? kinds.values.map(\.count).min() ?? 0 : groups.count)
        guard let folds else {
            if most >= 2 { return try manifest.folds(count: most, of: items, seed: seed) }
            Console.note(
                "note: too few clips for a cross-validation: the settings are the middle of those it would compare")
            return []
        }
        return try manifest.folds(count: folds, of: items, seed: seed)
    }
}
