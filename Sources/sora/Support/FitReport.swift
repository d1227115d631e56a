import Classifiers
import Foundation
import SoraModel
import Training

/// What came of fitting a classifier.
struct FitReport: Encodable {
    /// The model file.
    var model: String
    var classifier: ClipClassifier.Description
    /// Clips that it was fitted to.
    var clips: Int
    /// Numbers of each one's vector.
    var features: Int
    /// Views whose vectors were known.
    var cached: Int
    var search: GridSearch?
    /// The tree as text.
    var tree: String?
    var failures: [UndecodedClip]
    /// How such classifiers did on clips that were held out from them, where that was asked for.
    var judged: CrossValidationReport?
    /// The tree as a picture.
    var svg: String?
    private var views: Int

    private enum CodingKeys: CodingKey {
        case model, classifier, clips, features, cached, search, tree, failures, judged
    }

    init(
        _ outcome: ClassifierFitting.Outcome, model: String, clips: ClassifierClips, cached: Int, views: Int,
        failures: [UndecodedClip]
    ) {
        self.model = model
        classifier = outcome.classifier.description
        self.clips = clips.clips.count
        features = clips.featureCount
        (self.cached, self.views) = (cached, views)
        search = outcome.search
        tree = outcome.classifier.treeText
        svg = outcome.classifier.treeDrawing
        self.failures = failures
    }

    func text(_ options: AssessmentOptions) -> String {
        var lines: [String] = []
        if let search, search.rows.count > 1 { lines += [search.text, ""] }
        if let tree { lines += [tree, ""] }
        let views = views > 1 ? ", \(views) views of each" : ""
        let known = cached > 0 ? " (\(cached) of \(clips * self.views) vectors were known)" : ""
        lines.append(
            "\(classifier.name): \(classifier.kind.rawValue) on \(classifier.features.rawValue) of \(features) numbers, "
                + "\(clips) clips\(views)\(known); \(classifier.settings)")
        if let score = classifier.score { lines.append(score.text) }
        if let judged {
            lines += ["", "classifiers fitted alike, on clips held out from them:", judged.text(options), ""]
        }
        lines.append("\(model): sora classify \(model) FILE… --classifier \(classifier.name)")
        return lines.joined(separator: "\n")
    }
}

extension ClipClassifier {
    /// The tree as text, for one that is a tree.
    var treeText: String? {
        (classifier as? DecisionTree)?.text(
            labels: labels, features: description.features.names(count: classifier.featureCount))
    }

    /// The tree as an SVG, for one that is a tree.
    var treeDrawing: String? {
        (classifier as? DecisionTree)?.svg(
            labels: labels, features: description.features.names(count: classifier.featureCount))
    }
}

extension ClipClassifier.Score {
    /// `balanced accuracy 0.712 ±0.040, macro F1 0.705: 5 folds`
    var text: String {
        String(
            format: "balanced accuracy %.3f ±%.3f, macro F1 %.3f, over %d folds", balancedAccuracy, deviation, macroF1,
            folds)
    }
}
