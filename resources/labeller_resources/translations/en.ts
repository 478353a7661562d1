<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n image(s) were labelled differently.</source>
        <translation>
            <numerusform>%n image was labelled differently.</numerusform>
            <numerusform>%n images were labelled differently.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them wait(s) for a decision.</source>
        <translation>
            <numerusform>%n of them waits for a decision.</numerusform>
            <numerusform>%n of them wait for a decision.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) cannot be shown and were given no class.</source>
        <translation>
            <numerusform>%n image cannot be shown, and was given no class.</numerusform>
            <numerusform>%n images cannot be shown, and were given no class.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) checked. {undo} takes that back.</source>
        <translation>
            <numerusform>%n label checked. {undo} takes that back.</numerusform>
            <numerusform>%n labels checked. {undo} takes that back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n suggestion(s) accepted. {undo} takes them back.</source>
        <translation>
            <numerusform>%n suggestion accepted. {undo} takes it back.</numerusform>
            <numerusform>%n suggestions accepted. {undo} takes them back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) labelled by the model. {undo} takes that back.</source>
        <translation>
            <numerusform>%n image labelled by the model. {undo} takes that back.</numerusform>
            <numerusform>%n images labelled by the model. {undo} takes that back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) are no examples any more.</source>
        <translation>
            <numerusform>%n image is no example any more.</numerusform>
            <numerusform>%n images are no examples any more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) are examples of their class now.</source>
        <translation>
            <numerusform>%n image is an example of its class now.</numerusform>
            <numerusform>%n images are examples of their class now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) forgotten. {undo} brings them back.</source>
        <translation>
            <numerusform>%n image forgotten. {undo} brings it back.</numerusform>
            <numerusform>%n images forgotten. {undo} brings them back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) of an earlier batch</source>
        <translation>
            <numerusform>%n image of an earlier batch</numerusform>
            <numerusform>%n images of an earlier batch</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) keep what others or an import said of them since.</source>
        <translation>
            <numerusform>%n image keeps what others or an import said of it since.</numerusform>
            <numerusform>%n images keep what others or an import said of them since.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) of {source} are {target} now.</source>
        <translation>
            <numerusform>%n image of {source} is {target} now.</numerusform>
            <numerusform>%n images of {source} are {target} now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n class(es) have a new key now.</source>
        <translation>
            <numerusform>%n class has a new key now.</numerusform>
            <numerusform>%n classes have a new key now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The oracle labelled %n image(s).</source>
        <translation>
            <numerusform>The oracle labelled %n image.</numerusform>
            <numerusform>The oracle labelled %n images.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>How many images (others have labelled %n that you have not):</source>
        <translation>
            <numerusform>How many images (others have labelled %n that you have not):</numerusform>
            <numerusform>How many images (others have labelled %n that you have not):</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) imported.</source>
        <translation>
            <numerusform>%n label imported.</numerusform>
            <numerusform>%n labels imported.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s)</source>
        <translation>
            <numerusform>%n image</numerusform>
            <numerusform>%n images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Hold out the %n image(s) of the test and validation splits</source>
        <translation>
            <numerusform>&amp;Hold out the %n image of the test and validation splits</numerusform>
            <numerusform>&amp;Hold out the %n images of the test and validation splits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trained on %n label(s)</source>
        <translation>
            <numerusform>Trained on %n label</numerusform>
            <numerusform>Trained on %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopped; there were %n label(s)</source>
        <translation>
            <numerusform>Stopped; there was %n label</numerusform>
            <numerusform>Stopped; there were %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Failed; there were %n label(s)</source>
        <translation>
            <numerusform>Failed; there was %n label</numerusform>
            <numerusform>Failed; there were %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Training on %n label(s)</source>
        <translation>
            <numerusform>Training on %n label</numerusform>
            <numerusform>Training on %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Last batch: %n label(s)</source>
        <translation>
            <numerusform>Last batch: %n label</numerusform>
            <numerusform>Last batch: %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) selected: {name}?</source>
        <translation>
            <numerusform>%n image selected: {name}?</numerusform>
            <numerusform>%n images selected: {name}?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) ringed, {share} expected right: {key} again accepts.</source>
        <translation>
            <numerusform>%n image ringed, {share} expected right: {key} again accepts.</numerusform>
            <numerusform>%n images ringed, {share} expected right: {key} again accepts.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Next batch ready: %n image(s)</source>
        <translation>
            <numerusform>Next batch ready: %n image</numerusform>
            <numerusform>Next batch ready: %n images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looked through %n image(s)</source>
        <translation>
            <numerusform>Looked through %n image</numerusform>
            <numerusform>Looked through %n images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) could not be read and are tried again.</source>
        <translation>
            <numerusform>%n image could not be read and is tried again.</numerusform>
            <numerusform>%n images could not be read and are tried again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Also %n image(s) put aside</source>
        <translation>
            <numerusform>Also %n image put aside</numerusform>
            <numerusform>Also %n images put aside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Also %n label(s) of the model</source>
        <translation>
            <numerusform>Also %n label of the model</numerusform>
            <numerusform>Also %n labels of the model</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Also %n held-out image(s)</source>
        <translation>
            <numerusform>Also %n held-out image</numerusform>
            <numerusform>Also %n held-out images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s)</source>
        <translation>
            <numerusform>%n label</numerusform>
            <numerusform>%n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n put aside</source>
        <translation>
            <numerusform>%n put aside</numerusform>
            <numerusform>%n put aside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) to import</source>
        <translation>
            <numerusform>%n label to import</numerusform>
            <numerusform>%n labels to import</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) to put aside</source>
        <translation>
            <numerusform>%n image to put aside</numerusform>
            <numerusform>%n images to put aside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) carry the same already</source>
        <translation>
            <numerusform>%n image carries the same already</numerusform>
            <numerusform>%n images carry the same already</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) are not in the project</source>
        <translation>
            <numerusform>%n image is not in the project</numerusform>
            <numerusform>%n images are not in the project</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) of models are left out</source>
        <translation>
            <numerusform>%n label of a model is left out</numerusform>
            <numerusform>%n labels of models are left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) carry something else</source>
        <translation>
            <numerusform>%n image carries something else</numerusform>
            <numerusform>%n images carry something else</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new image(s) in {folder}</source>
        <translation>
            <numerusform>%n new image in {folder}</numerusform>
            <numerusform>%n new images in {folder}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) written.</source>
        <translation>
            <numerusform>%n label written.</numerusform>
            <numerusform>%n labels written.</numerusform>
        </translation>
    </message>
</context>
</TS>
