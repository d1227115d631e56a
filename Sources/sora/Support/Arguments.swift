public import ArgumentParser
public import Classifiers
public import Datasets
public import Media
public import Neural
public import SoraModel
public import Training

// What the command line can name: each is written as its raw value.

extension FrameRequest.DamagePolicy: ExpressibleByArgument {}
extension FrameRequest.Accuracy: ExpressibleByArgument {}
extension ClipSpecification.Fit: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension ClassifierKind: ExpressibleByArgument {}
extension ClipFeatures: ExpressibleByArgument {}
extension Preset: ExpressibleByArgument {}
extension Temporal.Fusion: ExpressibleByArgument {}
extension Head.Kind: ExpressibleByArgument {}
extension Motion: ExpressibleByArgument {}
extension TrainingOptions.Decay: ExpressibleByArgument {}
extension ClassBalance: ExpressibleByArgument {}
extension OptimizerConfiguration.Kind: ExpressibleByArgument {}

extension Manifest.Selection: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
