import ArgumentParser
import Classifiers
import Foundation
import SoraModel

struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe a model: layers, shapes, parameters, operations per frame.",
        discussion: """
            Example:
              sora info model.safetensors
              sora info --preset resnet18
              sora info model.safetensors --classifier tree --tree tree.svg
            """)

    @Argument(help: "A model file, or 'default'.", completion: .file())
    var model: String?

    @Option(help: "Describe a preset instead.")
    var preset: Preset?

    @Option(help: "Describe this one of the classifiers that 'sora fit' has added; a tree is shown whole.")
    var classifier: String?

    @Option(help: "Draw the tree that --classifier names into this file: an SVG.", completion: .file())
    var tree: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if tree != nil, classifier == nil {
            throw ValidationError("--tree draws the classifier that --classifier names")
        }
        if classifier != nil, model == nil { throw ValidationError("--classifier is for a model file") }
        guard (model == nil) != (preset == nil) else {
            throw ValidationError("give either a model file or --preset")
        }
    }

    func run() throws {
        if let model, let classifier { return try describe(classifier, of: ModelArgument.read(model)) }
        let configuration: ModelConfiguration
        var shelf = ClassifierShelf()
        var temperature: Double?
        if let model {
            let model = try ModelArgument.read(model)
            (configuration, temperature, shelf) = (model.configuration, model.temperature, model.shelf)
        } else {
            var preset = (preset ?? .small).configuration
            if preset.labels.isEmpty { preset.labels = ["no", "yes"] }
            configuration = preset
        }
        let summary = try ModelSummary(SoraNetwork(configuration))
        guard !common.json else {
            struct Description: Encodable {
                var configuration: ModelConfiguration
                var temperature: Double?
                var summary: ModelSummary
                var classifiers: [ClipClassifier.Description]
                var standardClassifier: String?
            }
            let description = Description(
                configuration: configuration, temperature: temperature, summary: summary,
                classifiers: shelf.classifiers.map(\.description), standardClassifier: shelf.standard)
            return Console.result(try description.jsonLine())
        }
        Console.result(summary.text(configuration, labels: model == nil ? [] : configuration.labels, temperature))
        if !shelf.classifiers.isEmpty { Console.result(shelf.text) }
    }

    private func describe(_ name: String, of model: Model) throws {
        guard let found = try model.shelf.classifier(named: name) else {
            throw ModelError(.configuration, "the model's own head is shown by 'sora info' without --classifier")
        }
        if let tree {
            guard let drawing = found.treeDrawing else {
                throw ModelError(
                    .configuration,
                    "'\(name)' is of the kind \(found.description.kind.rawValue), which is no tree to draw")
            }
            try OutputPath.requireFile(tree)
            try TextFile.write(drawing, to: tree)
        }
        guard !common.json else {
            struct Whole: Encodable {
                var classifier: ClipClassifier.Description
                var features: Int
                var tree: String?
            }
            let whole = Whole(
                classifier: found.description, features: found.classifier.featureCount, tree: found.treeText)
            return Console.result(try whole.jsonLine())
        }
        let description = found.description
        var lines = [
            "\(description.name): \(description.kind.rawValue) on \(description.features.rawValue) of "
                + "\(found.classifier.featureCount) numbers; \(description.settings)",
            "labels: \(description.labels.joined(separator: ", "))",
        ]
        if let score = description.score { lines.append(score.text) }
        if let tree = found.treeText { lines += ["", tree] }
        Console.result(lines.joined(separator: "\n"))
    }
}

extension ClassifierShelf {
    /// A line for each classifier.
    fileprivate var text: String {
        let name = max(classifiers.map(\.name.count).max() ?? 0, 10) + 2
        let rows = classifiers.map { entry in
            let description = entry.description
            let scored = description.score.map { "; \($0.text)" } ?? ""
            let used = standard == entry.name ? " (used where none is named)" : ""
            return entry.name.padded(name) + description.kind.rawValue.padded(12)
                + description.features.rawValue.padded(11) + "\(description.labels.count) labels".padded(11)
                + "\(description.settings)\(scored)\(used)"
        }
        let head = isHeadTrained ? "" : "; the model's own head was never trained"
        return (["", "classifiers\(head)"] + rows).joined(separator: "\n")
    }
}

extension ModelSummary {
    /// - Parameters:
    ///   - labels: the model's; none for a preset, which has stand-ins only.
    ///   - temperature: the model's, if it has one.
    fileprivate func text(_ configuration: ModelConfiguration, labels: [String], _ temperature: Double?) -> String {
        let clip = configuration.clip
        var lines = [
            "\(configuration.preset): \(clip.frames) frames of \(clip.size)x\(clip.size) pixels, "
                + (configuration.motion.map { "motion \($0.rawValue), " } ?? "")
                + "embedding of \(embeddingSize) numbers, \(configuration.head.kind.rawValue) head",
            labels.isEmpty
                ? "labels: those of the clips that it is trained on" : "labels: \(labels.joined(separator: ", "))",
            "outputs are [frames, height, width, channels], then [clips, ...], for one clip", "",
            "layer".padded(26) + "kind".padded(18) + "output".padded(22) + "parameters".padded(12, right: true)
                + "MFLOP/frame".padded(13, right: true),
        ]
        if let temperature {
            lines.insert(
                String(format: "temperature: %.3f, by which outputs are divided for probabilities", temperature), at: 2)
        }
        for layer in layers {
            lines.append(
                layer.name.padded(26) + layer.kind.padded(18) + "\(layer.output)".padded(22)
                    + "\(layer.parameters)".padded(12, right: true)
                    + Self.megaflops(layer.operationsPerFrame).padded(13, right: true))
        }
        lines.append(
            "total".padded(66) + "\(parameters)".padded(12, right: true)
                + Self.megaflops(operationsPerFrame).padded(13, right: true))
        return lines.joined(separator: "\n")
    }

    /// Millions of operations; a dash for none.
    private static func megaflops(_ operations: Int) -> String {
        operations == 0
            ? "-" : operations < 5000 ? "<0.01" : String(format: "%.2f", Double(operations) / 1e6)
    }
}

extension String {
    /// The string filled with spaces to `width`, on the left if `right`-aligned.
    func padded(_ width: Int, right: Bool = false) -> String {
        let fill = String(repeating: " ", count: max(count < width ? width - count : (right ? 0 : 1), 0))
        return right ? fill + self : self + fill
    }
}
