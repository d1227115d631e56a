/// The class whose mean is at the smallest angle: fitted to one clip of each class, if there are no more
/// (Snell et al. 2017; centred, with vectors of length 1: Wang et al. 2019).
///
/// Setting: `centred`, 1 to measure the angles from the vectors' mean. Probabilities are the softmax of ten times the
/// cosines: an order, and no more.
public struct Prototypes: Classifier {
    private let scaling: FeatureScaling
    /// `[class, feature]`: the mean of the class's vectors of length 1; zeros for a class without.
    private let means: [Float]
    /// The classes that had vectors, ascending.
    private let present: [Int]
    /// How many classes there are.
    public let classCount: Int
    /// How many numbers a vector has.
    public var featureCount: Int { scaling.mean.count }
    public var kind: ClassifierKind { .prototypes }

    private static let sharpness = 10.0

    private init(_ scaling: FeatureScaling, means: [Float], present: [Int], classCount: Int) {
        (self.scaling, self.means, self.present, self.classCount) = (scaling, means, present, classCount)
    }

    static func fit(_ data: LabelledVectors, _ settings: [ClassifierSettings]) -> [any Classifier] {
        settings.map { settings in
            let scaling = FeatureScaling(data, settings["centred", default: 0] != 0 ? .centred : .none)
            let width = data.featureCount
            var sums = [Double](repeating: 0, count: data.classCount * width)
            for (row, label) in data.labels.enumerated() {
                for (place, value) in VectorMath.normalized(scaling.apply(data[row])).enumerated() {
                    sums[label * width + place] += Double(value)
                }
            }
            let means = sums.enumerated().map { place, sum in
                Float(sum / Double(max(data.classCounts[place / width], 1)))
            }
            return Prototypes(
                scaling, means: means, present: data.classCounts.indices.filter { data.classCounts[$0] > 0 },
                classCount: data.classCount)
        }
    }

    /// The softmax of ten times the cosines with the classes' means.
    public func probabilities(_ vector: [Float]) throws -> [Float] {
        try check(vector)
        let own = VectorMath.normalized(scaling.apply(vector))
        let cosines = present.map { label in
            let mean = Array(means[label * featureCount..<(label + 1) * featureCount])
            return VectorMath.dot(own[...], VectorMath.normalized(mean)[...])
        }
        var result = [Float](repeating: 0, count: classCount)
        for (label, share) in zip(present, cosines.map { $0 * Self.sharpness }.softmax) { result[label] = Float(share) }
        return result
    }
}

extension Prototypes {
    /// The scaling, the means, and the classes that have one.
    public var arrays: ClassifierArrays {
        var arrays = ClassifierArrays()
        scaling.store(in: &arrays)
        arrays.set("means", [classCount, featureCount], means)
        arrays.set("present", [present.count], present.map(Int32.init))
        return arrays
    }

    public init(_ arrays: ClassifierArrays, classCount: Int) throws {
        try arrays.require(FeatureScaling.names.union(["means", "present"]))
        let scaling = try FeatureScaling(arrays)
        let present = try arrays.integers("present", [nil], in: 0...(classCount - 1)).values
        guard present.count >= 2, zip(present, present.dropFirst()).allSatisfy(<) else {
            throw ClassifierArrays.fault("present", "should list two classes at least, ascending")
        }
        self.init(
            scaling, means: try arrays.floats("means", [classCount, scaling.mean.count]).values, present: present,
            classCount: classCount)
    }
}
