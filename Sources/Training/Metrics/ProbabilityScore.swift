import Foundation

extension PredictionTable.Row {
    /// How surprising the truth is: minus the logarithm of its probability; with several labels a clip, the mean over
    /// the classes of that of each yes and no. A probability below 1e-12 counts as that.
    func logLoss(isMultiLabel: Bool) -> Double {
        func surprise(_ probability: Double) -> Double { -log(max(probability, 1e-12)) }
        guard isMultiLabel else { return truth.first.map { surprise(probabilities[$0]) } ?? 0 }
        let terms = probabilities.indices.map { label in
            surprise(truth.contains(label) ? probabilities[label] : 1 - probabilities[label])
        }
        return terms.reduce(0, +) / Double(max(terms.count, 1))
    }

    /// The squared distance of the probabilities from the truth (Brier 1950): summed over the classes; with two classes
    /// half of that, which is the squared error of either; with several labels a clip the mean over the classes. These
    /// are scikit-learn's scales.
    func brier(isMultiLabel: Bool) -> Double {
        let sum = probabilities.indices.reduce(0.0) { sum, label in
            let distance = probabilities[label] - (truth.contains(label) ? 1 : 0)
            return sum + distance * distance
        }
        if isMultiLabel { return sum / Double(max(probabilities.count, 1)) }
        return probabilities.count == 2 ? sum / 2 : sum
    }

    /// How many classes are likelier than the true one; of equals the first in the model's order counts as likelier.
    var rank: Int {
        guard let own = truth.first else { return 0 }
        return probabilities.indices.count { label in
            probabilities[label] > probabilities[own] || (probabilities[label] == probabilities[own] && label < own)
        }
    }
}
