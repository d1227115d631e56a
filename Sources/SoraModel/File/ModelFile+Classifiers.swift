import Classifiers
import Foundation
import Neural

/// Classifiers in a model file: their descriptions as JSON under `sora.classifiers` in the metadata, their arrays as
/// tensors `classifiers.NAME.ARRAY`, float32 and int32.
///
/// LIBSVM's and XGBoost's own formats are not used: their readers take the counts in a file on trust.
extension ModelFile {
    static let classifiersKey = "sora.classifiers"
    /// What the tensors' names begin with, as no parameter's does.
    static let classifierPrefix = "classifiers."
    private static let largestCount = 1000

    /// What stands in the metadata.
    private struct Listing: Codable {
        var classifiers: [ClipClassifier.Description]
        var standard: String?
        var isHeadTrained: Bool
    }

    static func store(
        _ shelf: ClassifierShelf, in tensors: inout [String: Tensor], _ metadata: inout [String: String]
    ) throws {
        guard !shelf.classifiers.isEmpty || !shelf.isHeadTrained else { return }
        let listing = Listing(
            classifiers: shelf.classifiers.map(\.description), standard: shelf.standard,
            isHeadTrained: shelf.isHeadTrained)
        metadata[classifiersKey] = try json(listing)
        for classifier in shelf.classifiers {
            for (name, entry) in classifier.classifier.arrays.entries {
                tensors["\(classifierPrefix)\(classifier.name).\(name)"] =
                    switch entry.numbers {
                    case .floats(let values): try Tensor(Shape(entry.shape), values)
                    case .integers(let values): try Tensor(Shape(entry.shape), values)
                    }
            }
        }
    }

    /// The classifiers that a file holds.
    /// - Parameter tensors: those of the file whose names begin with the prefix.
    /// - Throws: `ModelError.file` if they cannot be read, or do not go with the model.
    static func classifiers(
        _ metadata: [String: String], _ tensors: [String: Tensor], _ network: SoraNetwork, path: String
    ) throws -> ClassifierShelf {
        func fault(_ message: String) -> ModelError {
            ModelError(.file, "\(path): its classifiers are broken: \(message)")
        }
        guard let text = metadata[classifiersKey] else {
            guard tensors.isEmpty else { throw fault("they are not described in its metadata") }
            return ClassifierShelf()
        }
        let listing: Listing
        do { listing = try JSONDecoder().decode(Listing.self, from: Data(text.utf8)) } catch {
            throw fault("their description cannot be read (\(error.decodingFault))")
        }
        guard listing.classifiers.count <= largestCount else { throw fault("there are \(listing.classifiers.count)") }
        var shelf = ClassifierShelf()
        shelf.isHeadTrained = listing.isHeadTrained
        let names = Set(listing.classifiers.map(\.name))
        var arrays: [String: ClassifierArrays] = [:]
        for (name, tensor) in tensors {
            let own = name.dropFirst(classifierPrefix.count)
            // A classifier's name may hold dots, an array's does not.
            guard let dot = own.lastIndex(of: "."), names.contains(String(own[..<dot])) else {
                throw fault("the tensor \(name.prefix(120)) is none of theirs")
            }
            let numbers: ClassifierArrays.Numbers
            switch tensor.storage {
            case .float32(let values): numbers = .floats(values)
            case .int32(let values): numbers = .integers(values)
            case .uint8: throw fault("the tensor \(name.prefix(120)) holds bytes")
            }
            arrays[String(own[..<dot]), default: ClassifierArrays()].entries[String(own[own.index(after: dot)...])] =
                ClassifierArrays.Entry(shape: tensor.shape.dimensions, numbers)
        }
        for description in listing.classifiers {
            do {
                guard ClipClassifier.isName(description.name) else { throw ModelError(.file, "that is no name") }
                guard !shelf.classifiers.contains(where: { $0.name == description.name }) else {
                    throw ModelError(.file, "there are two of that name")
                }
                let classifier = try description.classifier(arrays[description.name] ?? ClassifierArrays(), network)
                try shelf.add(classifier, isStandard: description.name == listing.standard)
            } catch let error as ClassifierError {
                throw fault("'\(description.name.prefix(80))': \(error.message)")
            } catch let error as ModelError {
                throw fault("'\(description.name.prefix(80))': \(error.message)")
            }
        }
        guard listing.standard == shelf.standard else { throw fault("the one to use is not among them") }
        return shelf
    }
}

extension ClipClassifier.Description {
    fileprivate func classifier(_ arrays: ClassifierArrays, _ network: SoraNetwork) throws -> ClipClassifier {
        guard (2...100_000).contains(labels.count), Set(labels).count == labels.count else {
            throw ModelError(.file, "its labels must be 2 to 100000 that differ, not \(labels.count)")
        }
        let classifier = try kind.classifier(arrays, classCount: labels.count)
        let count = try features.count(network)
        guard classifier.featureCount == count else {
            throw ModelError(
                .file,
                "it takes \(classifier.featureCount) numbers, and the model's \(features.rawValue) is of \(count)")
        }
        return ClipClassifier(self, classifier)
    }
}
