<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>&amp;New project ...</source>
        <translation>&amp;Neues Projekt ...</translation>
    </message>
    <message>
        <source>&amp;Open project ...</source>
        <translation>Projekt ö&amp;ffnen ...</translation>
    </message>
    <message>
        <source>Open the &amp;demo</source>
        <translation>&amp;Demo öffnen</translation>
    </message>
    <message>
        <source>Add to the pool; labels and batches stay</source>
        <translation>Zum Bestand hinzufügen; Labels und Stapel bleiben</translation>
    </message>
    <message>
        <source>Find images that were moved</source>
        <translation>Bilder finden, die verschoben wurden</translation>
    </message>
    <message>
        <source>Range of grey values, the largest image; retries what could not be read</source>
        <translation>Bereich der Grauwerte, größtes Bild; unlesbare Bilder werden noch einmal versucht</translation>
    </message>
    <message>
        <source>Undo the last merge as one action; later labels stay</source>
        <translation>Die letzte Zusammenführung als Ganzes rückgängig machen; spätere Labels bleiben</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Type part of what you want to do</source>
        <translation>Einen Teil dessen eintippen, was Sie tun möchten</translation>
    </message>
    <message>
        <source>Choose which key does what</source>
        <translation>Festlegen, welche Taste was tut</translation>
    </message>
    <message>
        <source>Merge a colleague&apos;s co&amp;py ...</source>
        <translation>Ko&amp;pie einer Kollegin zusammenführen ...</translation>
    </message>
    <message>
        <source>no project is open</source>
        <translation>kein Projekt ist geöffnet</translation>
    </message>
    <message>
        <source>this project is open read-only</source>
        <translation>dieses Projekt ist nur zum Lesen geöffnet</translation>
    </message>
    <message>
        <source>not during: {task}</source>
        <translation>nicht während: {task}</translation>
    </message>
    <message>
        <source>not now</source>
        <translation>nicht jetzt</translation>
    </message>
    <message>
        <source>Add the labels that others gave in a copy of this project</source>
        <translation>Labels übernehmen, die andere in einer Kopie dieses Projekts vergeben haben</translation>
    </message>
    <message>
        <source>Undo the last mer&amp;ge ...</source>
        <translation>Letzte &amp;Zusammenführung rückgängig machen ...</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Accept suggestion</source>
        <translation>Vorschlag &amp;annehmen</translation>
    </message>
    <message>
        <source>&amp;Skip</source>
        <translation>Ü&amp;berspringen</translation>
    </message>
    <message>
        <source>Put this image aside without a label</source>
        <translation>Dieses Bild ohne Label zurückstellen</translation>
    </message>
    <message>
        <source>Put it aside because you cannot tell</source>
        <translation>Zurückstellen, weil es nicht zu erkennen ist</translation>
    </message>
    <message>
        <source>&amp;Bad image</source>
        <translation>S&amp;chlechtes Bild</translation>
    </message>
    <message>
        <source>&amp;Note ...</source>
        <translation>&amp;Notiz ...</translation>
    </message>
    <message>
        <source>Write something about this image</source>
        <translation>Etwas zu diesem Bild notieren</translation>
    </message>
    <message>
        <source>C&amp;lear label</source>
        <translation>&amp;Label entfernen</translation>
    </message>
    <message>
        <source>Revert the last action</source>
        <translation>Die letzte Aktion zurücknehmen</translation>
    </message>
    <message>
        <source>Repeat what was undone</source>
        <translation>Wiederholen, was zurückgenommen wurde</translation>
    </message>
    <message>
        <source>Label with what the model suggests</source>
        <translation>Den Vorschlag des Modells als Label übernehmen</translation>
    </message>
    <message>
        <source>Accept the most confident su&amp;ggestions</source>
        <translation>&amp;Die sichersten Vorschläge annehmen</translation>
    </message>
    <message>
        <source>Accept the most confident suggestions up to the target precision</source>
        <translation>Die sichersten Vorschläge bis zur Zielgenauigkeit annehmen</translation>
    </message>
    <message>
        <source>None of the classes is in the picture</source>
        <translation>Keine der Klassen ist im Bild</translation>
    </message>
    <message>
        <source>Unusable: blurred, cut off, wrong</source>
        <translation>Unbrauchbar: unscharf, abgeschnitten, falsch</translation>
    </message>
    <message>
        <source>Make the selected images unlabelled again</source>
        <translation>Das Label der ausgewählten Bilder entfernen</translation>
    </message>
    <message>
        <source>F&amp;orget images</source>
        <translation>Bilder ver&amp;gessen</translation>
    </message>
    <message>
        <source>Remove the selected images from the project; can be undone, files stay</source>
        <translation>Die ausgewählten Bilder aus dem Projekt nehmen; umkehrbar, die Dateien bleiben</translation>
    </message>
    <message>
        <source>Show these images wherever their class is explained, or stop showing them</source>
        <translation>Diese Bilder überall zeigen, wo ihre Klasse erklärt wird, oder damit aufhören</translation>
    </message>
    <message>
        <source>Next &amp;open image</source>
        <translation>Nächstes &amp;offenes Bild</translation>
    </message>
    <message>
        <source>Go to the next unlabelled image</source>
        <translation>Zum nächsten Bild ohne Label</translation>
    </message>
    <message>
        <source>&amp;Previous open image</source>
        <translation>&amp;Voriges offenes Bild</translation>
    </message>
    <message>
        <source>Go back to an unlabelled image</source>
        <translation>Zurück zu einem Bild ohne Label</translation>
    </message>
    <message>
        <source>Switch foc&amp;us to the side panel</source>
        <translation>Fokus zur Se&amp;itenleiste wechseln</translation>
    </message>
    <message>
        <source>Let Tab and Space reach the buttons beside the images; again to come back</source>
        <translation>Mit Tab und Leertaste die Knöpfe neben den Bildern erreichen; noch einmal führt zurück</translation>
    </message>
    <message>
        <source>Check labels, likely mistakes first</source>
        <translation>Labels prüfen, wahrscheinliche Fehler zuerst</translation>
    </message>
    <message>
        <source>All &amp;images</source>
        <translation>A&amp;lle Bilder</translation>
    </message>
    <message>
        <source>Look through the whole pool, with filters</source>
        <translation>Den ganzen Bestand durchsehen, mit Filtern</translation>
    </message>
    <message>
        <source>All open images with the same suggestion; one key labels them</source>
        <translation>Alle offenen Bilder mit demselben Vorschlag; eine Taste labelt sie</translation>
    </message>
    <message>
        <source>Select the current image alone again</source>
        <translation>Wieder nur das aktuelle Bild auswählen</translation>
    </message>
    <message>
        <source>The largest thumbnails at which the whole batch is visible</source>
        <translation>Die größten Vorschaubilder, bei denen der ganze Stapel sichtbar ist</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>&amp;Größer</translation>
    </message>
    <message>
        <source>Zoom in at the pointer</source>
        <translation>Am Mauszeiger vergrößern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Kl&amp;einer</translation>
    </message>
    <message>
        <source>Show the next image at the same zoom</source>
        <translation>Das nächste Bild gleich groß zeigen</translation>
    </message>
    <message>
        <source>Show this and the following pictures brighter</source>
        <translation>Dieses und die folgenden Bilder heller zeigen</translation>
    </message>
    <message>
        <source>Show this and the following pictures darker</source>
        <translation>Dieses und die folgenden Bilder dunkler zeigen</translation>
    </message>
    <message>
        <source>&amp;Reset brightness and contrast</source>
        <translation>Helligkeit und Kontrast &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>Show the picture as it is</source>
        <translation>Das Bild zeigen, wie es ist</translation>
    </message>
    <message>
        <source>&amp;Go to image ...</source>
        <translation>&amp;Gehe zu Bild ...</translation>
    </message>
    <message>
        <source>Groups that loo&amp;k alike</source>
        <translation>Gruppen, die sich &amp;ähneln</translation>
    </message>
    <message>
        <source>&amp;Import labels ...</source>
        <translation>Labels &amp;importieren ...</translation>
    </message>
    <message>
        <source>&amp;How images are read ...</source>
        <translation>Wie Bilder &amp;gelesen werden ...</translation>
    </message>
    <message>
        <source>Unsur&amp;e</source>
        <translation>&amp;Unsicher</translation>
    </message>
    <message>
        <source>Not any &amp;class</source>
        <translation>&amp;Keine der Klassen</translation>
    </message>
    <message>
        <source>Add, rename, merge, order, colour, keys</source>
        <translation>Hinzufügen, umbenennen, zusammenführen, ordnen, Farben, Tasten</translation>
    </message>
    <message>
        <source>E&amp;dit classes ...</source>
        <translation>Klassen b&amp;earbeiten ...</translation>
    </message>
    <message>
        <source>Use as e&amp;xample</source>
        <translation>Als Beis&amp;piel verwenden</translation>
    </message>
    <message>
        <source>&amp;One by one</source>
        <translation>&amp;Einzeln</translation>
    </message>
    <message>
        <source>Show one large image instead of the grid</source>
        <translation>Ein großes Bild statt des Rasters zeigen</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>Labels &amp;durchsehen</translation>
    </message>
    <message>
        <source>&amp;Map of the pool ...</source>
        <translation>&amp;Karte des Bestands ...</translation>
    </message>
    <message>
        <source>&amp;Similar images</source>
        <translation>Ä&amp;hnliche Bilder</translation>
    </message>
    <message>
        <source>Label many open images with one key, group by group</source>
        <translation>Viele offene Bilder mit einer Taste labeln, Gruppe für Gruppe</translation>
    </message>
    <message>
        <source>&amp;Agreement ...</source>
        <translation>Über&amp;einstimmung ...</translation>
    </message>
    <message>
        <source>&amp;Who is labelling ...</source>
        <translation>Wer label&amp;t ...</translation>
    </message>
    <message>
        <source>Find or make a class</source>
        <translation>Klasse finden oder anlegen</translation>
    </message>
    <message>
        <source>New class “{name}”</source>
        <translation>Neue Klasse „{name}“</translation>
    </message>
    <message>
        <source>Which class is it not?</source>
        <translation>Welche Klasse ist es nicht?</translation>
    </message>
    <message>
        <source>&amp;Find or make a class ...</source>
        <translation>Klasse &amp;finden oder anlegen ...</translation>
    </message>
    <message>
        <source>Type part of its name, or a new name</source>
        <translation>Einen Teil ihres Namens eintippen, oder einen neuen Namen</translation>
    </message>
    <message>
        <source>What everybody who labels this project should know, class by class</source>
        <translation>Was alle wissen sollten, die in diesem Projekt labeln, Klasse für Klasse</translation>
    </message>
    <message>
        <source>&amp;Label again, blind ...</source>
        <translation>&amp;Blind noch einmal labeln ...</translation>
    </message>
    <message>
        <source>Back to the &amp;batch</source>
        <translation>&amp;Zurück zum Stapel</translation>
    </message>
    <message>
        <source>Show or &amp;hide suggestions</source>
        <translation>Vorschläge &amp;zeigen oder verbergen</translation>
    </message>
    <message>
        <source>&amp;Group by suggested class</source>
        <translation>Nach Vorschlag &amp;gruppieren</translation>
    </message>
    <message>
        <source>Select all with this s&amp;uggestion</source>
        <translation>Alle mit diesem Vorschlag &amp;auswählen</translation>
    </message>
    <message>
        <source>Lower the target pre&amp;cision</source>
        <translation>Zielgenauigkeit se&amp;nken</translation>
    </message>
    <message>
        <source>More suggestions are accepted together, and more of them are wrong</source>
        <translation>Mehr Vorschläge werden zusammen angenommen, und mehr davon sind falsch</translation>
    </message>
    <message>
        <source>Raise the target precisio&amp;n</source>
        <translation>Zielgenauigkei&amp;t erhöhen</translation>
    </message>
    <message>
        <source>Fewer suggestions are accepted together, and fewer of them are wrong</source>
        <translation>Weniger Vorschläge werden zusammen angenommen, und weniger davon sind falsch</translation>
    </message>
    <message>
        <source>D&amp;eselect</source>
        <translation>A&amp;uswahl aufheben</translation>
    </message>
    <message>
        <source>&amp;Audit the model</source>
        <translation>Modell prü&amp;fen</translation>
    </message>
    <message>
        <source>&amp;Label the rest ...</source>
        <translation>Den Rest &amp;labeln lassen ...</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>&amp;Trainieren</translation>
    </message>
    <message>
        <source>&amp;Close project</source>
        <translation>Projekt s&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Add images ...</source>
        <translation>Bilder &amp;hinzufügen ...</translation>
    </message>
    <message>
        <source>Locate i&amp;mages ...</source>
        <translation>Bilder &amp;wiederfinden ...</translation>
    </message>
    <message>
        <source>From a table, or from files of other programs</source>
        <translation>Aus einer Tabelle oder aus Dateien anderer Programme</translation>
    </message>
    <message>
        <source>Labels or the model, for other programs</source>
        <translation>Labels oder das Modell, für andere Programme</translation>
    </message>
    <message>
        <source>Learn from all the labels, then choose the next batch</source>
        <translation>Aus allen Labels lernen, dann den nächsten Stapel wählen</translation>
    </message>
    <message>
        <source>Open images that look most like this one</source>
        <translation>Offene Bilder, die diesem am meisten ähneln</translation>
    </message>
    <message>
        <source>The pool as the model sees it; draw around images to label them</source>
        <translation>Der Bestand, wie das Modell ihn sieht; Bilder umfahren, um sie zu labeln</translation>
    </message>
    <message>
        <source>&amp;Pause or resume</source>
        <translation>&amp;Pausieren oder fortsetzen</translation>
    </message>
    <message>
        <source>Pause the training, or resume it</source>
        <translation>Das Training pausieren oder fortsetzen</translation>
    </message>
    <message>
        <source>End the training; what was learnt in whole epochs is kept</source>
        <translation>Das Training beenden; abgeschlossene Epochen bleiben erhalten</translation>
    </message>
    <message>
        <source>&amp;Next batch</source>
        <translation>&amp;Nächster Stapel</translation>
    </message>
    <message>
        <source>Show the next batch, or choose one with the current model</source>
        <translation>Den nächsten Stapel zeigen oder mit dem aktuellen Modell einen wählen</translation>
    </message>
    <message>
        <source>Images &amp;unlike the labelled ones</source>
        <translation>Bilder, die den gelabelten &amp;unähnlich sind</translation>
    </message>
    <message>
        <source>A batch in which rare classes and surprises are likely</source>
        <translation>Ein Stapel, in dem seltene Klassen und Überraschungen wahrscheinlich sind</translation>
    </message>
    <message>
        <source>Label a random sample blind, to measure how good the model is</source>
        <translation>Eine Zufallsstichprobe blind labeln, um das Modell zu messen</translation>
    </message>
    <message>
        <source>Curves and figures of the model, or one line</source>
        <translation>Kurven und Zahlen des Modells, oder eine Zeile</translation>
    </message>
    <message>
        <source>&amp;Rounds ...</source>
        <translation>&amp;Runden ...</translation>
    </message>
    <message>
        <source>Strategy, network, recipe, device, size of a batch</source>
        <translation>Strategie, Netz, Rezept, Gerät, Stapelgröße</translation>
    </message>
    <message>
        <source>&amp;Oracle</source>
        <translation>&amp;Orakel</translation>
    </message>
    <message>
        <source>Let the hidden labels answer for you (for experiments)</source>
        <translation>Die verborgenen Labels antworten lassen (für Experimente)</translation>
    </message>
    <message>
        <source>&amp;Experiments ...</source>
        <translation>&amp;Experimente ...</translation>
    </message>
    <message>
        <source>Compare strategies over seeds; hidden labels answer, on a copy</source>
        <translation>Strategien über mehrere Startwerte vergleichen; auf einer Kopie antworten die verborgenen Labels</translation>
    </message>
    <message>
        <source>&amp;Fit the batch</source>
        <translation>Stapel ein&amp;passen</translation>
    </message>
    <message>
        <source>&amp;Model details</source>
        <translation>&amp;Modell im Einzelnen</translation>
    </message>
    <message>
        <source>&amp;Zoom to 100 %</source>
        <translation>Auf &amp;100 % zoomen</translation>
    </message>
    <message>
        <source>Pixel for pixel, or the whole image again</source>
        <translation>Pixel für Pixel, oder wieder das ganze Bild</translation>
    </message>
    <message>
        <source>&amp;Keep the zoom</source>
        <translation>Zoom be&amp;ibehalten</translation>
    </message>
    <message>
        <source>&amp;Brighter</source>
        <translation>&amp;Heller</translation>
    </message>
    <message>
        <source>&amp;Darker</source>
        <translation>&amp;Dunkler</translation>
    </message>
    <message>
        <source>More &amp;contrast</source>
        <translation>Mehr &amp;Kontrast</translation>
    </message>
    <message>
        <source>&amp;Less contrast</source>
        <translation>&amp;Weniger Kontrast</translation>
    </message>
    <message>
        <source>&amp;Larger thumbnails</source>
        <translation>Größere &amp;Bilder</translation>
    </message>
    <message>
        <source>&amp;Smaller thumbnails</source>
        <translation>&amp;Kleinere Bilder</translation>
    </message>
    <message>
        <source>&amp;Find a command ...</source>
        <translation>&amp;Befehl finden ...</translation>
    </message>
    <message>
        <source>&amp;Tour</source>
        <translation>&amp;Rundgang</translation>
    </message>
    <message>
        <source>The window in under a minute</source>
        <translation>Das Fenster in weniger als einer Minute</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>&amp;Tasten</translation>
    </message>
    <message>
        <source>&amp;Change keys ...</source>
        <translation>Tasten &amp;ändern ...</translation>
    </message>
    <message>
        <source>Save a &amp;bug report ...</source>
        <translation>&amp;Fehlerbericht speichern ...</translation>
    </message>
    <message>
        <source>Versions and logs in one file; no images, no labels</source>
        <translation>Versionen und Protokolle in einer Datei; keine Bilder, keine Labels</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Erste Person</translation>
    </message>
    <message>
        <source>Second</source>
        <translation>Zweite Person</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Same labels</source>
        <translation>Gleiche Labels</translation>
    </message>
    <message>
        <source>Cohen&apos;s κ</source>
        <translation>Cohens κ</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>Agreement of every two people</source>
        <translation>Übereinstimmung je zweier Personen</translation>
    </message>
    <message>
        <source>No image has been labelled by two people yet. Give each person a name (Label, Who is labelling); then a second person can label the same images blind (Go, Label again).</source>
        <translation>Noch hat kein Bild Labels von zwei Personen. Geben Sie jeder Person einen Namen (Labeln, Wer labelt); dann kann eine zweite Person dieselben Bilder blind labeln (Gehe zu, Blind noch einmal labeln).</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) were labelled differently.</source>
        <translation>
            <numerusform>%n Bild wurde verschieden gelabelt.</numerusform>
            <numerusform>%n Bilder wurden verschieden gelabelt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them wait(s) for a decision.</source>
        <translation>
            <numerusform>%n davon wartet auf eine Entscheidung.</numerusform>
            <numerusform>%n davon warten auf eine Entscheidung.</numerusform>
        </translation>
    </message>
    <message>
        <source>Fleiss&apos; κ of all: {kappa}.</source>
        <translation>Fleiss’ κ aller: {kappa}.</translation>
    </message>
    <message>
        <source>Decide ...</source>
        <translation>Entscheiden ...</translation>
    </message>
    <message>
        <source>Images of this batch</source>
        <translation>Bilder dieses Stapels</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>übersprungen</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>not any class</source>
        <translation>keine Klasse</translation>
    </message>
    <message>
        <source>bad image</source>
        <translation>schlechtes Bild</translation>
    </message>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>suggested: {words}</source>
        <translation>vorgeschlagen: {words}</translation>
    </message>
    <message>
        <source>model: {name}</source>
        <translation>Modell: {name}</translation>
    </message>
    <message>
        <source>unlike the model: {name}</source>
        <translation>anders als das Modell: {name}</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>Image {place} of {total}, {name}</source>
        <translation>Bild {place} von {total}, {name}</translation>
    </message>
    <message>
        <source>There is no suggestion to accept here.</source>
        <translation>Hier gibt es keinen Vorschlag, der angenommen werden könnte.</translation>
    </message>
    <message>
        <source>There is no label here to confirm.</source>
        <translation>Hier gibt es kein Label, das bestätigt werden könnte.</translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) checked. {undo} undoes this.</source>
        <translation>
            <numerusform>%n Label geprüft. {undo} nimmt das zurück.</numerusform>
            <numerusform>%n Labels geprüft. {undo} nimmt das zurück.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) labelled by the model. {undo} undoes this.</source>
        <translation>
            <numerusform>%n Bild vom Modell gelabelt. {undo} nimmt das zurück.</numerusform>
            <numerusform>%n Bilder vom Modell gelabelt. {undo} nimmt das zurück.</numerusform>
        </translation>
    </message>
    <message>
        <source>Label the image first; then it can be an example of its class.</source>
        <translation>Labeln Sie das Bild zuerst; dann kann es ein Beispiel seiner Klasse sein.</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) no longer serve as examples.</source>
        <translation>
            <numerusform>%n Bild ist kein Beispiel mehr.</numerusform>
            <numerusform>%n Bilder sind keine Beispiele mehr.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) now serve as examples of their class.</source>
        <translation>
            <numerusform>%n Bild ist jetzt ein Beispiel seiner Klasse.</numerusform>
            <numerusform>%n Bilder sind jetzt Beispiele ihrer Klasse.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) now show what {name} is not.</source>
        <translation>
            <numerusform>%n Bild zeigt jetzt, was nicht {name} ist.</numerusform>
            <numerusform>%n Bilder zeigen jetzt, was nicht {name} ist.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) forgotten. {undo} brings them back.</source>
        <translation>
            <numerusform>%n Bild vergessen. {undo} holt es zurück.</numerusform>
            <numerusform>%n Bilder vergessen. {undo} holt sie zurück.</numerusform>
        </translation>
    </message>
    <message>
        <source>Held-out images measure the model: nothing was changed.</source>
        <translation>Mit zurückgehaltenen Bildern wird das Modell gemessen: Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>no images</source>
        <translation>keine Bilder</translation>
    </message>
    <message numerus="yes">
        <source>Removed %n model label(s).</source>
        <translation>
            <numerusform>%n Label des Modells entfernt.</numerusform>
            <numerusform>%n Labels des Modells entfernt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Restored %n model label(s).</source>
        <translation>
            <numerusform>%n Label des Modells wiederhergestellt.</numerusform>
            <numerusform>%n Labels des Modells wiederhergestellt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) keep a label given since by others or an import.</source>
        <translation>
            <numerusform>%n Bild behält ein Label, das es seitdem von anderen oder durch einen Import bekommen hat.</numerusform>
            <numerusform>%n Bilder behalten Labels, die sie seitdem von anderen oder durch einen Import bekommen haben.</numerusform>
        </translation>
    </message>
    <message>
        <source>put aside</source>
        <translation>zurückgestellt</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) cannot be shown and were not labelled.</source>
        <translation>
            <numerusform>%n Bild kann nicht gezeigt werden und wurde nicht gelabelt.</numerusform>
            <numerusform>%n Bilder können nicht gezeigt werden und wurden nicht gelabelt.</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} → {name}, {changed} changed · {undo}</source>
        <translation>{count} → {name}, {changed} geändert · {undo}</translation>
    </message>
    <message numerus="yes">
        <source>%n suggestion(s) accepted. {undo} undoes this.</source>
        <translation>
            <numerusform>%n Vorschlag angenommen. {undo} nimmt ihn zurück.</numerusform>
            <numerusform>%n Vorschläge angenommen. {undo} nimmt sie zurück.</numerusform>
        </translation>
    </message>
    <message>
        <source>No open image has a suggestion confident enough for {least}.</source>
        <translation>Kein offenes Bild hat einen Vorschlag, der für {least} sicher genug ist.</translation>
    </message>
    <message>
        <source>{undo} undoes your answer; those of others stay.</source>
        <translation>{undo} nimmt Ihre Antwort zurück; die der anderen bleiben.</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>Zurückgenommen</translation>
    </message>
    <message>
        <source>Redone</source>
        <translation>Wiederhergestellt</translation>
    </message>
    <message>
        <source>This project is open read-only: nothing was changed.</source>
        <translation>Dieses Projekt ist nur zum Lesen geöffnet: Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>There is nothing left to undo or redo.</source>
        <translation>Es gibt nichts mehr zurückzunehmen oder zu wiederholen.</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) of an earlier batch</source>
        <translation>
            <numerusform>%n Bild eines früheren Stapels</numerusform>
            <numerusform>%n Bilder eines früheren Stapels</numerusform>
        </translation>
    </message>
    <message>
        <source>No batch has been trained on yet.</source>
        <translation>Noch wurde auf keinem Stapel trainiert.</translation>
    </message>
    <message numerus="yes">
        <source>Last batch: %n label(s)</source>
        <translation>
            <numerusform>Letzter Stapel: %n Label</numerusform>
            <numerusform>Letzter Stapel: %n Labels</numerusform>
        </translation>
    </message>
    <message>
        <source>{foreseen} of {compared} predicted by the previous model</source>
        <translation>{foreseen} von {compared} vom vorigen Modell vorhergesagt</translation>
    </message>
    <message>
        <source>held-out {before} → {after}</source>
        <translation>Testgenauigkeit {before} → {after}</translation>
    </message>
    <message>
        <source>{changes} points</source>
        <translation>{changes} Punkte</translation>
    </message>
    <message>
        <source>Labels of each class, the last batch in full colour; behind them the share of the class that the model recognises.</source>
        <translation>Labels je Klasse, der letzte Stapel in kräftiger Farbe; dahinter der Anteil der Klasse, den das Modell erkennt.</translation>
    </message>
    <message>
        <source>Labels of each class</source>
        <translation>Labels je Klasse</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>New names, one per line or separated by commas</source>
        <translation>Neue Namen, einer je Zeile oder mit Kommas</translation>
    </message>
    <message>
        <source>New class names</source>
        <translation>Namen neuer Klassen</translation>
    </message>
    <message>
        <source>What the class is not</source>
        <translation>Was die Klasse nicht ist</translation>
    </message>
    <message>
        <source>Names in a text file</source>
        <translation>Namen in einer Textdatei</translation>
    </message>
    <message>
        <source>Text (*)</source>
        <translation>Text (*)</translation>
    </message>
    <message>
        <source>Colour of {name}</source>
        <translation>Farbe von {name}</translation>
    </message>
    <message>
        <source>Move all images of “{name}” to the class</source>
        <translation>Alle Bilder von „{name}“ verschieben in die Klasse</translation>
    </message>
    <message>
        <source>Merge classes</source>
        <translation>Klassen zusammenführen</translation>
    </message>
    <message>
        <source>&amp;Rename ...</source>
        <translation>&amp;Umbenennen ...</translation>
    </message>
    <message>
        <source>&amp;Merge into</source>
        <translation>&amp;Zusammenführen mit</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>Nach &amp;oben</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>Nach &amp;unten</translation>
    </message>
    <message>
        <source>&amp;Find more of this</source>
        <translation>Mehr davon &amp;finden</translation>
    </message>
    <message>
        <source>&amp;Archive</source>
        <translation>&amp;Archivieren</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) moved from {source} to {target}.</source>
        <translation>
            <numerusform>%n Bild von {source} nach {target} verschoben.</numerusform>
            <numerusform>%n Bilder von {source} nach {target} verschoben.</numerusform>
        </translation>
    </message>
    <message>
        <source>“{name}” is archived with its labels; {key} unarchives it.</source>
        <translation>„{name}“ ist mit ihren Labels archiviert; {key} holt sie zurück.</translation>
    </message>
    <message>
        <source>Rename a class</source>
        <translation>Klasse umbenennen</translation>
    </message>
    <message>
        <source>New name:</source>
        <translation>Neuer Name:</translation>
    </message>
    <message numerus="yes">
        <source>%n class(es) have a new key.</source>
        <translation>
            <numerusform>%n Klasse hat jetzt eine neue Taste.</numerusform>
            <numerusform>%n Klassen haben jetzt eine neue Taste.</numerusform>
        </translation>
    </message>
    <message>
        <source>Every class already has a key, or no letter is free.</source>
        <translation>Jede Klasse hat schon eine Taste, oder es ist kein Buchstabe frei.</translation>
    </message>
    <message>
        <source>A project needs at least two classes.</source>
        <translation>Ein Projekt braucht mindestens zwei Klassen.</translation>
    </message>
    <message>
        <source>Examples of {name}</source>
        <translation>Beispiele für {name}</translation>
    </message>
    <message>
        <source>{name} has no examples: select a labelled image and press {key}</source>
        <translation>{name} hat keine Beispiele: Wählen Sie ein gelabeltes Bild aus und drücken Sie {key}</translation>
    </message>
    <message>
        <source>Not {name}</source>
        <translation>Nicht {name}</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Colour ...</source>
        <translation>Farbe ...</translation>
    </message>
    <message>
        <source>Merge into ...</source>
        <translation>Zusammenführen mit ...</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archivieren</translation>
    </message>
    <message>
        <source>Propose keys</source>
        <translation>Tasten vorschlagen</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>From a file ...</source>
        <translation>Aus einer Datei ...</translation>
    </message>
    <message>
        <source>A key is one letter or digit.</source>
        <translation>Eine Taste ist ein Buchstabe oder eine Ziffer.</translation>
    </message>
    <message>
        <source>{key} is already in use ({meaning}).</source>
        <translation>{key} ist schon belegt ({meaning}).</translation>
    </message>
    <message>
        <source>Label as {name}</source>
        <translation>Als {name} labeln</translation>
    </message>
    <message>
        <source>Edit ...</source>
        <translation>Bearbeiten ...</translation>
    </message>
    <message>
        <source>A new class</source>
        <translation>Eine neue Klasse</translation>
    </message>
    <message>
        <source>No classes yet. Press {key} and type the first one&apos;s name.</source>
        <translation>Noch keine Klassen. Drücken Sie {key} und tippen Sie den Namen der ersten.</translation>
    </message>
    <message>
        <source>Key {key}.</source>
        <translation>Taste {key}.</translation>
    </message>
    <message>
        <source>Examples of the class</source>
        <translation>Beispiele der Klasse</translation>
    </message>
    <message>
        <source>Delete removes an example</source>
        <translation>Entf entfernt ein Beispiel</translation>
    </message>
    <message>
        <source>Not used on this machine yet.</source>
        <translation>Auf diesem Rechner noch nicht verwendet.</translation>
    </message>
    <message>
        <source>A round takes about {duration} on this machine.</source>
        <translation>Eine Runde dauert auf diesem Rechner etwa {duration}.</translation>
    </message>
    <message>
        <source>Training the last stages takes about {duration} in the background.</source>
        <translation>Das Training der letzten Stufen dauert im Hintergrund etwa {duration}.</translation>
    </message>
    <message>
        <source>With a pretrained encoder it always does: it takes about a second.</source>
        <translation>Mit einem vortrainierten Encoder immer: Es dauert nur etwa eine Sekunde.</translation>
    </message>
    <message>
        <source>New experiment</source>
        <translation>Neues Experiment</translation>
    </message>
    <message>
        <source>One run per seed: 0 1 2</source>
        <translation>Ein Lauf je Startwert: 0 1 2</translation>
    </message>
    <message>
        <source>&amp;Add to the queue</source>
        <translation>In die &amp;Warteschlange</translation>
    </message>
    <message>
        <source>&amp;Initial images</source>
        <translation>&amp;Anfangsbilder</translation>
    </message>
    <message>
        <source>Images per c&amp;ycle</source>
        <translation>Bilder je &amp;Zyklus</translation>
    </message>
    <message>
        <source>&amp;Cycles</source>
        <translation>Z&amp;yklen</translation>
    </message>
    <message>
        <source>S&amp;eeds</source>
        <translation>Startw&amp;erte</translation>
    </message>
    <message>
        <source>Na&amp;me</source>
        <translation>N&amp;ame</translation>
    </message>
    <message>
        <source>Seeds are whole numbers, such as 0 1 2.</source>
        <translation>Startwerte sind ganze Zahlen, etwa 0 1 2.</translation>
    </message>
    <message>
        <source>labelled images</source>
        <translation>gelabelte Bilder</translation>
    </message>
    <message>
        <source>test accuracy</source>
        <translation>Testgenauigkeit</translation>
    </message>
    <message>
        <source>Curves of the experiments</source>
        <translation>Kurven der Experimente</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>Experimente</translation>
    </message>
    <message>
        <source>Progress of the experiments</source>
        <translation>Fortschritt der Experimente</translation>
    </message>
    <message>
        <source>Add an experiment, then run the queue. It labels a copy of the project with the hidden labels; your own labels are not touched.</source>
        <translation>Fügen Sie ein Experiment hinzu und starten Sie die Warteschlange. Sie labelt eine Kopie des Projekts mit den verborgenen Labels; Ihre eigenen Labels bleiben unberührt.</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>{done} of {total} cycles</source>
        <translation>{done} von {total} Zyklen</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>The command for “{name}” is on the clipboard.</source>
        <translation>Der Befehl für „{name}“ ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Figures (*.png *.svg *.pdf)</source>
        <translation>Abbildungen (*.png *.svg *.pdf)</translation>
    </message>
    <message>
        <source>Tables (*.csv *.json *.parquet)</source>
        <translation>Tabellen (*.csv *.json *.parquet)</translation>
    </message>
    <message>
        <source>Saved to {path}.</source>
        <translation>Gespeichert: {path}</translation>
    </message>
    <message>
        <source>Running experiments</source>
        <translation>Experimente werden ausgeführt</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Seed {seed}, cycle {number} of {of}</source>
        <translation>Startwert {seed}, Zyklus {number} von {of}</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>Save fi&amp;gure ...</source>
        <translation>A&amp;bbildung speichern ...</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>Run the &amp;queue</source>
        <translation>S&amp;tarten</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>Copy as c&amp;ommand</source>
        <translation>Als Befehl k&amp;opieren</translation>
    </message>
    <message>
        <source>Save &amp;table ...</source>
        <translation>Tabelle spei&amp;chern ...</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>Startwerte</translation>
    </message>
    <message>
        <source>Queue of experiments</source>
        <translation>Warteschlange der Experimente</translation>
    </message>
    <message>
        <source>Save a bug report</source>
        <translation>Fehlerbericht speichern</translation>
    </message>
    <message>
        <source>{path} holds versions and logs, but no images or labels</source>
        <translation>{path} enthält Versionen und Protokolle, aber keine Bilder oder Labels</translation>
    </message>
    <message>
        <source>Drawing the map of the pool</source>
        <translation>Die Karte des Bestands wird gezeichnet</translation>
    </message>
    <message>
        <source>Map of the pool: {count} of {total} images</source>
        <translation>Karte des Bestands: {count} von {total} Bildern</translation>
    </message>
    <message>
        <source>Map of the pool</source>
        <translation>Karte des Bestands</translation>
    </message>
    <message>
        <source>&amp;Colour by</source>
        <translation>&amp;Farbe nach</translation>
    </message>
    <message>
        <source>Legend: unchecked images are hidden</source>
        <translation>Legende: Bilder ohne Häkchen sind ausgeblendet</translation>
    </message>
    <message>
        <source>&amp;Show the selection</source>
        <translation>Auswahl &amp;zeigen</translation>
    </message>
    <message>
        <source>unlabelled</source>
        <translation>ohne Label</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>ausgewählt</translation>
    </message>
    <message>
        <source>Draw around images or press Space to select them, then a class key to label those that have no label, or Enter to see them. Wheel or + and − zoom, the right button or Shift with arrow keys moves, arrow keys go from image to image, Shift+Space selects neighbours.</source>
        <translation>Umfahren Sie Bilder oder drücken Sie die Leertaste, um sie auszuwählen; dann labelt eine Klassentaste die Bilder ohne Label, und Enter zeigt sie. Mausrad oder + und − zoomen, die rechte Maustaste oder Umschalt mit Pfeiltasten verschiebt, Pfeiltasten gehen von Bild zu Bild, Umschalt+Leertaste wählt Nachbarn aus.</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) selected. A class key labels those without a label; Enter shows them.</source>
        <translation>
            <numerusform>%n Bild ausgewählt. Eine Klassentaste labelt es, wenn es kein Label hat; Enter zeigt es.</numerusform>
            <numerusform>%n Bilder ausgewählt. Eine Klassentaste labelt die ohne Label; Enter zeigt sie.</numerusform>
        </translation>
    </message>
    <message>
        <source>All selected images have a label. Enter shows them.</source>
        <translation>Alle ausgewählten Bilder haben ein Label. Enter zeigt sie.</translation>
    </message>
    <message>
        <source>Part of a name</source>
        <translation>Teil eines Namens</translation>
    </message>
    <message>
        <source>Part of a name, or a new one</source>
        <translation>Teil eines Namens, oder ein neuer</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>1–9, 0, or the letter of a class</source>
        <translation>1–9, 0 oder der Buchstabe einer Klasse</translation>
    </message>
    <message>
        <source>Label everything selected with the class</source>
        <translation>Alles Ausgewählte mit der Klasse labeln</translation>
    </message>
    <message>
        <source>Shift+1–9, Shift+0</source>
        <translation>Umschalt+1–9, Umschalt+0</translation>
    </message>
    <message>
        <source>Label with the eleventh to twentieth class</source>
        <translation>Mit der elften bis zwanzigsten Klasse labeln</translation>
    </message>
    <message>
        <source>Arrows, Shift, Ctrl, mouse</source>
        <translation>Pfeile, Umschalt, Strg, Maus</translation>
    </message>
    <message>
        <source>Move and select</source>
        <translation>Bewegen und auswählen</translation>
    </message>
    <message>
        <source>Progress of this batch</source>
        <translation>Fortschritt dieses Stapels</translation>
    </message>
    <message>
        <source>The current image has no suggestion.</source>
        <translation>Das aktuelle Bild hat keinen Vorschlag.</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) selected: {name}?</source>
        <translation>
            <numerusform>%n Bild ausgewählt: {name}?</numerusform>
            <numerusform>%n Bilder ausgewählt: {name}?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) selected, {share} expected to be correct. Press {key} again to accept.</source>
        <translation>
            <numerusform>%n Bild ausgewählt, voraussichtlich {share} richtig. Noch einmal {key} nimmt an.</numerusform>
            <numerusform>%n Bilder ausgewählt, voraussichtlich {share} richtig. Noch einmal {key} nimmt an.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them are out of view; {key} makes all fit.</source>
        <translation>
            <numerusform>%n davon ist nicht zu sehen; {key} zeigt alle.</numerusform>
            <numerusform>%n davon sind nicht zu sehen; {key} zeigt alle.</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} selected</source>
        <translation>{count} ausgewählt</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{key}: back to the batch</source>
        <translation>{key}: zurück zum Stapel</translation>
    </message>
    <message>
        <source>Choosing the first images ...</source>
        <translation>Die ersten Bilder werden gewählt ...</translation>
    </message>
    <message>
        <source>chosen at random</source>
        <translation>zufällig gewählt</translation>
    </message>
    <message>
        <source>chosen by CoreSet</source>
        <translation>von CoreSet gewählt</translation>
    </message>
    <message>
        <source>chosen by weighted CoreSet</source>
        <translation>von gewichtetem CoreSet gewählt</translation>
    </message>
    <message>
        <source>typical images</source>
        <translation>typische Bilder</translation>
    </message>
    <message>
        <source>audit: a random sample, labelled blind</source>
        <translation>Modellprüfung: eine Zufallsstichprobe, blind gelabelt</translation>
    </message>
    <message>
        <source>chosen by {strategy}</source>
        <translation>von {strategy} gewählt</translation>
    </message>
    <message>
        <source>Round {number}, {chosen}</source>
        <translation>Runde {number}, {chosen}</translation>
    </message>
    <message>
        <source>Batch {done}/{total}</source>
        <translation>Stapel {done}/{total}</translation>
    </message>
    <message>
        <source>Pool {done}/{total}</source>
        <translation>Bestand {done}/{total}</translation>
    </message>
    <message>
        <source>today {count}</source>
        <translation>heute {count}</translation>
    </message>
    <message>
        <source>{count} a minute</source>
        <translation>{count} je Minute</translation>
    </message>
    <message>
        <source>The map has to wait until the current task has finished.</source>
        <translation>Die Karte muss warten, bis die laufende Aufgabe fertig ist.</translation>
    </message>
    <message>
        <source>Similar images have to wait until the current task has finished.</source>
        <translation>Ähnliche Bilder müssen warten, bis die laufende Aufgabe fertig ist.</translation>
    </message>
    <message>
        <source>Comparing images has to wait until the current task has finished.</source>
        <translation>Der Vergleich von Bildern muss warten, bis die laufende Aufgabe fertig ist.</translation>
    </message>
    <message>
        <source>Groups have to wait until the current task has finished.</source>
        <translation>Gruppen müssen warten, bis die laufende Aufgabe fertig ist.</translation>
    </message>
    <message>
        <source>This batch isn&apos;t finished ({done} of {total}). Press {key} again to train anyway.</source>
        <translation>Dieser Stapel ist noch nicht fertig ({done} von {total}). Noch einmal {key} trainiert trotzdem.</translation>
    </message>
    <message>
        <source>All labels so far are of one class. The next images are chosen to be unlike these.</source>
        <translation>Bisher haben alle Labels dieselbe Klasse. Die nächsten Bilder werden so gewählt, dass sie diesen unähnlich sind.</translation>
    </message>
    <message>
        <source>Fine-tuning is paused: {key} resumes it.</source>
        <translation>Das Feintuning ist angehalten: {key} setzt es fort.</translation>
    </message>
    <message>
        <source>Label an image as “{name}” first.</source>
        <translation>Labeln Sie zuerst ein Bild als „{name}“.</translation>
    </message>
    <message>
        <source>More like “{name}”, most similar first</source>
        <translation>Mehr wie „{name}“, die ähnlichsten zuerst</translation>
    </message>
    <message>
        <source>Images that look alike</source>
        <translation>Bilder, die sich ähneln</translation>
    </message>
    <message>
        <source>That was the last group.</source>
        <translation>Das war die letzte Gruppe.</translation>
    </message>
    <message>
        <source>The next batch will be chosen as soon as training has stopped.</source>
        <translation>Der nächste Stapel wird gewählt, sobald das Training angehalten hat.</translation>
    </message>
    <message>
        <source>Stopping ...</source>
        <translation>Wird angehalten ...</translation>
    </message>
    <message>
        <source>The experiments have finished.</source>
        <translation>Die Experimente sind fertig.</translation>
    </message>
    <message>
        <source>Typical images are ready, from which the model learns faster: {key} shows them.</source>
        <translation>Typische Bilder sind bereit, aus denen das Modell schneller lernt: {key} zeigt sie.</translation>
    </message>
    <message>
        <source>Looking for typical images</source>
        <translation>Typische Bilder werden gesucht</translation>
    </message>
    <message>
        <source>A model has been trained, and the next batch is ready.</source>
        <translation>Ein Modell wurde trainiert, und der nächste Stapel ist bereit.</translation>
    </message>
    <message>
        <source>Fine-tuning</source>
        <translation>Feintuning</translation>
    </message>
    <message>
        <source>Choosing the next batch</source>
        <translation>Der nächste Stapel wird gewählt</translation>
    </message>
    <message>
        <source>Stopped before the first epoch was finished; nothing was learnt.</source>
        <translation>Angehalten, bevor die erste Epoche fertig war; es wurde nichts gelernt.</translation>
    </message>
    <message>
        <source>Stopped. What was learnt is kept.</source>
        <translation>Angehalten. Das Gelernte bleibt erhalten.</translation>
    </message>
    <message>
        <source>Trained. No image is left to choose: the whole pool is labelled.</source>
        <translation>Trainiert. Es ist kein Bild mehr übrig: Der ganze Bestand ist gelabelt.</translation>
    </message>
    <message>
        <source>Not enough memory for the usual batch size: trained in batches of {batch_size}.</source>
        <translation>Zu wenig Speicher für die übliche Batchgröße: in Batches von {batch_size} trainiert.</translation>
    </message>
    <message>
        <source>{count} random images would measure the model: menu Model, Audit.</source>
        <translation>Mit {count} zufälligen Bildern ließe sich das Modell messen: Menü Modell, Modell prüfen.</translation>
    </message>
    <message>
        <source>With this many labels a thorough recipe learns far more: {key}, Recipe.</source>
        <translation>Bei so vielen Labels lernt ein gründliches Rezept weit mehr: {key}, Rezept.</translation>
    </message>
    <message>
        <source>No open image can be compared yet: none has been read.</source>
        <translation>Noch lässt sich kein offenes Bild vergleichen: Es wurde noch keines gelesen.</translation>
    </message>
    <message>
        <source>Similar images, most similar first</source>
        <translation>Ähnliche Bilder, die ähnlichsten zuerst</translation>
    </message>
    <message>
        <source>Review: the newest</source>
        <translation>Durchsicht: die neuesten</translation>
    </message>
    <message>
        <source>The model agrees with every label when it is trained without it. Newest first.</source>
        <translation>Ohne das jeweilige Label trainiert, stimmt das Modell mit jedem überein. Neueste zuerst.</translation>
    </message>
    <message>
        <source>None of these images stands out.</source>
        <translation>Keines dieser Bilder fällt auf.</translation>
    </message>
    <message>
        <source>Comparing images</source>
        <translation>Bilder werden verglichen</translation>
    </message>
    <message>
        <source>The images are found, but you have moved on meanwhile. Ask again to see them.</source>
        <translation>Die Bilder sind gefunden, aber Sie haben inzwischen weitergearbeitet. Fragen Sie noch einmal, um sie zu sehen.</translation>
    </message>
    <message>
        <source>Looking for similar images</source>
        <translation>Ähnliche Bilder werden gesucht</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>classification</source>
        <translation>Klassifikation</translation>
    </message>
    <message>
        <source>contrastive</source>
        <translation>kontrastiv</translation>
    </message>
    <message>
        <source>Choosing unlabelled images</source>
        <translation>Bilder ohne Label werden gewählt</translation>
    </message>
    <message>
        <source>estimated accuracy</source>
        <translation>geschätzte Genauigkeit</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>Epoche</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>labelled</source>
        <translation>gelabelt</translation>
    </message>
    <message>
        <source>held out</source>
        <translation>zurückgehalten</translation>
    </message>
    <message>
        <source>No model has been measured yet.</source>
        <translation>Noch kein Modell wurde gemessen.</translation>
    </message>
    <message>
        <source>This round</source>
        <translation>Diese Runde</translation>
    </message>
    <message>
        <source>All rounds</source>
        <translation>Alle Runden</translation>
    </message>
    <message>
        <source>suggestions correct</source>
        <translation>Vorschläge richtig</translation>
    </message>
    <message>
        <source> (read-only)</source>
        <translation> (nur lesen)</translation>
    </message>
    <message>
        <source>The images in {root} are missing.</source>
        <translation>Die Bilder in {root} fehlen.</translation>
    </message>
    <message>
        <source>All labels are safe; images that cannot be shown cannot be labelled. Connect the disk and open the project again, or locate the images.</source>
        <translation>Alle Labels sind sicher; Bilder, die nicht gezeigt werden können, lassen sich nicht labeln. Schließen Sie den Datenträger an und öffnen Sie das Projekt noch einmal, oder suchen Sie die Bilder.</translation>
    </message>
    <message>
        <source>Locate ...</source>
        <translation>Wiederfinden ...</translation>
    </message>
    <message>
        <source>The class “{name}” has the key {key}.</source>
        <translation>Die Klasse „{name}“ hat die Taste {key}.</translation>
    </message>
    <message>
        <source>Classes named by a digit now get that digit as their key. This project keeps its keys; “Propose keys” in the class editor assigns each class its own digit.</source>
        <translation>Klassen, die nach einer Ziffer benannt sind, bekommen jetzt diese Ziffer als Taste. Dieses Projekt behält seine Tasten; „Tasten vorschlagen“ bei den Klassen gibt jeder ihre eigene Ziffer.</translation>
    </message>
    <message>
        <source>Edit classes ...</source>
        <translation>Klassen bearbeiten ...</translation>
    </message>
    <message>
        <source>Image {place}: {state}</source>
        <translation>Bild {place}: {state}</translation>
    </message>
    <message>
        <source>Making {name}</source>
        <translation>{name} wird angelegt</translation>
    </message>
    <message>
        <source>Preparing the demo</source>
        <translation>Die Demo wird vorbereitet</translation>
    </message>
    <message>
        <source>Finishing {name}</source>
        <translation>{name} wird fertiggestellt</translation>
    </message>
    <message>
        <source>The project {name} is ready.</source>
        <translation>Das Projekt {name} ist bereit.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>This project is open read-only: nothing can be added.</source>
        <translation>Dieses Projekt ist nur zum Lesen geöffnet: Es kann nichts hinzugefügt werden.</translation>
    </message>
    <message>
        <source>Adding to {name}</source>
        <translation>{name} wird erweitert</translation>
    </message>
    <message>
        <source>Where are the images now?</source>
        <translation>Wo sind die Bilder jetzt?</translation>
    </message>
    <message>
        <source>Looking for the images</source>
        <translation>Die Bilder werden gesucht</translation>
    </message>
    <message>
        <source>A copy of the project</source>
        <translation>Eine Kopie des Projekts</translation>
    </message>
    <message>
        <source>Copies (project.sqlite *.zip)</source>
        <translation>Kopien (project.sqlite *.zip)</translation>
    </message>
    <message>
        <source>Reading {name}</source>
        <translation>{name} wird gelesen</translation>
    </message>
    <message>
        <source>Merging {name}</source>
        <translation>{name} wird zusammengeführt</translation>
    </message>
    <message>
        <source>New actions: {actions}, about {images} images.</source>
        <translation>Neue Aktionen: {actions}, zu {images} Bildern.</translation>
    </message>
    <message>
        <source>Images labelled: {labelled}; labels changed: {changed}; removed: {emptied}.</source>
        <translation>Gelabelte Bilder: {labelled}; geänderte Labels: {changed}; entfernte: {emptied}.</translation>
    </message>
    <message>
        <source>Images that people disagree about: {count}. Agreement shows them.</source>
        <translation>Bilder, bei denen sich die Personen uneins sind: {count}. Übereinstimmung zeigt sie.</translation>
    </message>
    <message>
        <source>Merge {name}?</source>
        <translation>{name} zusammenführen?</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Undo the last merge?</source>
        <translation>Letzte Zusammenführung rückgängig machen?</translation>
    </message>
    <message>
        <source>Everything that came with it is removed as one action. Later labels stay.</source>
        <translation>Alles, was damit kam, wird in einem Schritt entfernt. Spätere Labels bleiben.</translation>
    </message>
    <message>
        <source>Undo merge</source>
        <translation>Rückgängig machen</translation>
    </message>
    <message>
        <source>Undoing the merge</source>
        <translation>Zusammenführung wird rückgängig gemacht</translation>
    </message>
    <message>
        <source>Reading {name} again</source>
        <translation>{name} wird neu gelesen</translation>
    </message>
    <message>
        <source>What the import found</source>
        <translation>Was der Import gefunden hat</translation>
    </message>
    <message>
        <source>The model was written.</source>
        <translation>Das Modell wurde geschrieben.</translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) written.</source>
        <translation>
            <numerusform>%n Label geschrieben.</numerusform>
            <numerusform>%n Labels geschrieben.</numerusform>
        </translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open a project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>Copies of the same image with different labels: {paths}</source>
        <translation>Kopien eines Bildes mit verschiedenen Labels: {paths}</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>S&amp;ystem colours</source>
        <translation>Farben des &amp;Systems</translation>
    </message>
    <message>
        <source>L&amp;ight colours</source>
        <translation>&amp;Helle Farben</translation>
    </message>
    <message>
        <source>&amp;Dark colours</source>
        <translation>&amp;Dunkle Farben</translation>
    </message>
    <message>
        <source>System language</source>
        <translation>Sprache des Systems</translation>
    </message>
    <message>
        <source>The language changes at the next start.</source>
        <translation>Die Sprache wechselt beim nächsten Start.</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation>&amp;Labeln</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>&amp;Gehe zu</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;Picture</source>
        <translation>&amp;Bild</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>L&amp;anguage</source>
        <translation>Sp&amp;rache</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>A new folder for the project</source>
        <translation>Ein neuer Ordner für das Projekt</translation>
    </message>
    <message>
        <source>Optional: labelled images for measuring accuracy</source>
        <translation>Optional: gelabelte Bilder, um die Genauigkeit zu messen</translation>
    </message>
    <message>
        <source> images</source>
        <translation> Bilder</translation>
    </message>
    <message>
        <source>Copies of the images</source>
        <translation>Kopien der Bilder</translation>
    </message>
    <message>
        <source>Hard links, which take no space</source>
        <translation>Harte Verknüpfungen, die keinen Platz brauchen</translation>
    </message>
    <message>
        <source>Symbolic links to the images</source>
        <translation>Symbolische Verknüpfungen zu den Bildern</translation>
    </message>
    <message>
        <source>Share for training</source>
        <translation>Anteil fürs Training</translation>
    </message>
    <message>
        <source>Share for validation</source>
        <translation>Anteil für die Validierung</translation>
    </message>
    <message>
        <source>Share for testing</source>
        <translation>Anteil zum Testen</translation>
    </message>
    <message>
        <source>Writing the export</source>
        <translation>Der Export wird geschrieben</translation>
    </message>
    <message>
        <source>Left out because the file is missing: {paths}</source>
        <translation>Weggelassen, weil die Datei fehlt: {paths}</translation>
    </message>
    <message>
        <source>Left out because the file has changed since the import: {paths}</source>
        <translation>Weggelassen, weil sich die Datei seit dem Import geändert hat: {paths}</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Find a format</source>
        <translation>Format suchen</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>Formate</translation>
    </message>
    <message>
        <source>&amp;Export ...</source>
        <translation>&amp;Exportieren ...</translation>
    </message>
    <message numerus="yes">
        <source>Also %n image(s) put aside</source>
        <translation>
            <numerusform>Auch %n zurückgestelltes Bild</numerusform>
            <numerusform>Auch %n zurückgestellte Bilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Also %n label(s) of the model</source>
        <translation>
            <numerusform>Auch %n Label des Modells</numerusform>
            <numerusform>Auch %n Labels des Modells</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Also %n held-out image(s)</source>
        <translation>
            <numerusform>Auch %n zurückgehaltenes Bild</numerusform>
            <numerusform>Auch %n zurückgehaltene Bilder</numerusform>
        </translation>
    </message>
    <message>
        <source>Current labels</source>
        <translation>Aktuelle Labels</translation>
    </message>
    <message>
        <source>Majority vote</source>
        <translation>Mehrheitsentscheidung</translation>
    </message>
    <message>
        <source>Labels by {name}</source>
        <translation>Labels von {name}</translation>
    </message>
    <message>
        <source>Split each class into train, validation and test</source>
        <translation>Jede Klasse in Training, Validierung und Test teilen</translation>
    </message>
    <message>
        <source>Keep near-duplicates in the same split (exact copies always are)</source>
        <translation>Fast gleiche Bilder im selben Teil halten (exakte Kopien sind es immer)</translation>
    </message>
    <message>
        <source>Absolute paths</source>
        <translation>Absolute Pfade</translation>
    </message>
    <message>
        <source>Guidelines and examples of the classes, in a folder beside it</source>
        <translation>Richtlinien und Beispiele der Klassen, in einem Ordner daneben</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>Aufbau</translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation>&amp;Labels</translation>
    </message>
    <message>
        <source>&amp;Images</source>
        <translation>&amp;Bilder</translation>
    </message>
    <message>
        <source>The newest model, NAME.json, NAME.md</source>
        <translation>Das neueste Modell, NAME.json, NAME.md</translation>
    </message>
    <message>
        <source>The newest model, with its classes and a model card.</source>
        <translation>Das neueste Modell mit seinen Klassen und einer Modellkarte.</translation>
    </message>
    <message>
        <source>There is no trained model yet.</source>
        <translation>Es gibt noch kein trainiertes Modell.</translation>
    </message>
    <message numerus="yes">
        <source>%n label(s)</source>
        <translation>
            <numerusform>%n Label</numerusform>
            <numerusform>%n Labels</numerusform>
        </translation>
    </message>
    <message>
        <source>of {count} classes</source>
        <translation>von {count} Klassen</translation>
    </message>
    <message numerus="yes">
        <source>%n put aside</source>
        <translation>
            <numerusform>%n zurückgestellt</numerusform>
            <numerusform>%n zurückgestellt</numerusform>
        </translation>
    </message>
    <message>
        <source>The splits add up to {total} %, not 100 %.</source>
        <translation>Die drei Anteile ergeben {total} %, nicht 100 %.</translation>
    </message>
    <message>
        <source>There are no labels yet.</source>
        <translation>Es gibt noch keine Labels.</translation>
    </message>
    <message>
        <source>No such format.</source>
        <translation>Kein solches Format.</translation>
    </message>
    <message>
        <source>&amp;Project folder</source>
        <translation>&amp;Projektordner</translation>
    </message>
    <message>
        <source>&amp;Classes</source>
        <translation>&amp;Klassen</translation>
    </message>
    <message>
        <source>&amp;Held-out images</source>
        <translation>&amp;Testbilder</translation>
    </message>
    <message>
        <source>Nothing; I&apos;ll label everything</source>
        <translation>Nichts; ich labele alles selbst</translation>
    </message>
    <message>
        <source>Existing labels</source>
        <translation>Vorhandene Labels</translation>
    </message>
    <message>
        <source>Hidden labels, for the oracle (experiments)</source>
        <translation>Verborgene Labels, für das Orakel (Experimente)</translation>
    </message>
    <message>
        <source>Add images</source>
        <translation>Bilder hinzufügen</translation>
    </message>
    <message>
        <source>A folder, .zip or .csv, or a data set such as {name}</source>
        <translation>Ordner, .zip oder .csv, oder ein Datensatz wie {name}</translation>
    </message>
    <message>
        <source>cat, dog, ...   (empty: the folders&apos; names, or none yet)</source>
        <translation>Katze, Hund, ...   (leer: die Ordnernamen, oder noch keine)</translation>
    </message>
    <message>
        <source>Choose another one if class names look garbled.</source>
        <translation>Wählen Sie eine andere, wenn Klassennamen unlesbar aussehen.</translation>
    </message>
    <message>
        <source>Names &amp;in the archive</source>
        <translation>Namen &amp;im Archiv</translation>
    </message>
    <message>
        <source>Treat each pa&amp;ge or frame of a file as an image</source>
        <translation>Jede S&amp;eite oder jedes Einzelbild einer Datei als Bild nehmen</translation>
    </message>
    <message>
        <source>The data set {name} with hidden labels; it is downloaded if need be.</source>
        <translation>Der Datensatz {name} mit verborgenen Labels; er wird bei Bedarf heruntergeladen.</translation>
    </message>
    <message>
        <source>C&amp;hannels of TIFFs</source>
        <translation>K&amp;anäle von TIFFs</translation>
    </message>
    <message>
        <source>Training resolution (adva&amp;nced)</source>
        <translation>Trainings&amp;auflösung</translation>
    </message>
    <message>
        <source>&amp;Batch</source>
        <translation>&amp;Stapel</translation>
    </message>
    <message>
        <source>Your images stay where they are and are never changed.</source>
        <translation>Ihre Bilder bleiben, wo sie sind, und werden nie verändert.</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>Anlegen</translation>
    </message>
    <message>
        <source>Column “label” holds</source>
        <translation>Spalte „label“ enthält</translation>
    </message>
    <message>
        <source>Folder names are</source>
        <translation>Ordnernamen sind</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Hold out the %n image(s) of the test and validation splits</source>
        <translation>
            <numerusform>&amp;Das %n Bild der Test- und Validierungsteile zurückhalten</numerusform>
            <numerusform>&amp;Die %n Bilder der Test- und Validierungsteile zurückhalten</numerusform>
        </translation>
    </message>
    <message>
        <source>“{names}” is &amp;not a class: its images are unlabelled</source>
        <translation>„{names}“ ist &amp;keine Klasse: Diese Bilder haben kein Label</translation>
    </message>
    <message>
        <source>Looking ...</source>
        <translation>Wird angesehen ...</translation>
    </message>
    <message>
        <source>{stem} labels</source>
        <translation>{stem} Labels</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>und {count} weitere</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
    <message>
        <source>Images (*.zip *.csv)</source>
        <translation>Bilder (*.zip *.csv)</translation>
    </message>
    <message>
        <source>As labels</source>
        <translation>Als Labels</translation>
    </message>
    <message>
        <source>As suggestions to accept or correct</source>
        <translation>Als Vorschläge, zum Annehmen oder Korrigieren</translation>
    </message>
    <message>
        <source>As hidden labels, for the oracle</source>
        <translation>Als verborgene Labels, für das Orakel</translation>
    </message>
    <message>
        <source>Keep existing labels</source>
        <translation>Vorhandene Labels behalten</translation>
    </message>
    <message>
        <source>Replace existing labels (the log keeps them)</source>
        <translation>Vorhandene Labels ersetzen (sie bleiben im Protokoll)</translation>
    </message>
    <message>
        <source>A table, or a file or folder of another program</source>
        <translation>Eine Tabelle oder eine Datei oder ein Ordner eines anderen Programms</translation>
    </message>
    <message>
        <source>Detect automatically</source>
        <translation>Automatisch erkennen</translation>
    </message>
    <message>
        <source>Create missing classes</source>
        <translation>Fehlende Klassen anlegen</translation>
    </message>
    <message>
        <source>Ignore images that are not in the project</source>
        <translation>Bilder ignorieren, die nicht im Projekt sind</translation>
    </message>
    <message>
        <source>&amp;Labels in</source>
        <translation>&amp;Labels in</translation>
    </message>
    <message>
        <source>Import nothing if any label differs</source>
        <translation>Nichts importieren, wenn ein Label abweicht</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>&amp;Format</translation>
    </message>
    <message>
        <source>&amp;Import them</source>
        <translation>&amp;Importieren</translation>
    </message>
    <message>
        <source>&amp;Conflicts</source>
        <translation>&amp;Widersprüche</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>&amp;Importieren</translation>
    </message>
    <message>
        <source>Browse ...</source>
        <translation>Durchsuchen ...</translation>
    </message>
    <message>
        <source>A file ...</source>
        <translation>Eine Datei ...</translation>
    </message>
    <message>
        <source>A folder ...</source>
        <translation>Ein Ordner ...</translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) to import</source>
        <translation>
            <numerusform>%n Label zu importieren</numerusform>
            <numerusform>%n Labels zu importieren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) to put aside</source>
        <translation>
            <numerusform>%n Bild zurückzustellen</numerusform>
            <numerusform>%n Bilder zurückzustellen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) already have the same label</source>
        <translation>
            <numerusform>%n Bild hat schon dasselbe Label</numerusform>
            <numerusform>%n Bilder haben schon dasselbe Label</numerusform>
        </translation>
    </message>
    <message>
        <source>New classes: {names}</source>
        <translation>Neue Klassen: {names}</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) are not in the project</source>
        <translation>
            <numerusform>%n Bild ist nicht im Projekt</numerusform>
            <numerusform>%n Bilder sind nicht im Projekt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) given by models left out</source>
        <translation>
            <numerusform>%n Label eines Modells wird weggelassen</numerusform>
            <numerusform>%n Labels von Modellen werden weggelassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) have a different label</source>
        <translation>
            <numerusform>%n Bild hat ein anderes Label</numerusform>
            <numerusform>%n Bilder haben ein anderes Label</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose what to do about conflicts.</source>
        <translation>Wählen Sie, was bei Widersprüchen geschehen soll.</translation>
    </message>
    <message>
        <source>A .zip or .csv file ...</source>
        <translation>Eine .zip- oder .csv-Datei ...</translation>
    </message>
    <message numerus="yes">
        <source>The oracle labelled %n image(s).</source>
        <translation>
            <numerusform>Das Orakel hat %n Bild gelabelt.</numerusform>
            <numerusform>Das Orakel hat %n Bilder gelabelt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Opened read-only: nothing can be changed</source>
        <translation>Nur zum Lesen geöffnet: Es kann nichts geändert werden</translation>
    </message>
    <message>
        <source>Stopping – you can keep labelling</source>
        <translation>Wird angehalten – Sie können weiter labeln</translation>
    </message>
    <message>
        <source>Training is paused: {pause} resumes it, {stop} ends it</source>
        <translation>Das Training pausiert: {pause} setzt es fort, {stop} beendet es</translation>
    </message>
    <message>
        <source>{title} – you can keep labelling</source>
        <translation>{title} – Sie können weiter labeln</translation>
    </message>
    <message>
        <source>One key labels the group, Ctrl+click excludes an image · {next_batch} next group</source>
        <translation>Eine Taste labelt die Gruppe, Strg+Klick nimmt ein Bild aus · {next_batch} nächste Gruppe</translation>
    </message>
    <message>
        <source>{back} goes back to the batch</source>
        <translation>{back} geht zurück zum Stapel</translation>
    </message>
    <message>
        <source>The next batch is ready: press {next_batch}</source>
        <translation>Der nächste Stapel ist bereit: {next_batch} drücken</translation>
    </message>
    <message>
        <source>Batch finished: {next_batch} chooses the next one, {train} trains</source>
        <translation>Stapel fertig: {next_batch} wählt den nächsten, {train} trainiert</translation>
    </message>
    <message>
        <source>Batch finished: press {train} to train and get the next one</source>
        <translation>Stapel fertig: {train} trainiert und wählt den nächsten</translation>
    </message>
    <message>
        <source>{digits} label · {accept} accept · {skip} skip · {keys} keys</source>
        <translation>{digits} labelt · {accept} nimmt an · {skip} überspringt · {keys} Tasten</translation>
    </message>
    <message>
        <source>{digits} label · {skip} skip · {undo} undo · {keys} keys</source>
        <translation>{digits} labelt · {skip} überspringt · {undo} zurück · {keys} Tasten</translation>
    </message>
    <message>
        <source>The current image, large</source>
        <translation>Das aktuelle Bild, groß</translation>
    </message>
    <message>
        <source>{place} of {total}</source>
        <translation>{place} von {total}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>{stage}: {done} of {total}</source>
        <translation>{stage}: {done} von {total}</translation>
    </message>
    <message>
        <source>You can view it in the meantime, but not change it.</source>
        <translation>Sie können es inzwischen ansehen, aber nicht ändern.</translation>
    </message>
    <message>
        <source>Open read-only</source>
        <translation>Nur zum Lesen öffnen</translation>
    </message>
    <message>
        <source>It can be replaced by the newest backup with all labels given since. The damaged file is kept.</source>
        <translation>Sie kann durch die neueste Sicherung mit allen seither vergebenen Labels ersetzt werden. Die beschädigte Datei bleibt erhalten.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>The import of {name} was interrupted.</source>
        <translation>Der Import von {name} wurde unterbrochen.</translation>
    </message>
    <message>
        <source>It reads images from: {places}</source>
        <translation>Er liest Bilder aus: {places}</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>Befehl finden</translation>
    </message>
    <message>
        <source>Number in this batch, or part of a name:</source>
        <translation>Nummer in diesem Stapel oder ein Teil des Namens:</translation>
    </message>
    <message>
        <source>Go to image</source>
        <translation>Gehe zu Bild</translation>
    </message>
    <message>
        <source>No image in this project is called “{wanted}”.</source>
        <translation>Kein Bild dieses Projekts heißt „{wanted}“.</translation>
    </message>
    <message>
        <source>No image is selected; press an arrow key.</source>
        <translation>Kein Bild ist ausgewählt; drücken Sie eine Pfeiltaste.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>To decide: people disagree</source>
        <translation>Zu entscheiden: Personen sind uneins</translation>
    </message>
    <message>
        <source>Nobody else has labelled anything that {name} hasn&apos;t. Is the name right?</source>
        <translation>Niemand sonst hat etwas gelabelt, das {name} nicht gelabelt hat. Stimmt der Name?</translation>
    </message>
    <message numerus="yes">
        <source>How many images (others have labelled %n that you haven&apos;t):</source>
        <translation>
            <numerusform>Wie viele Bilder (andere haben %n gelabelt, das Sie nicht gelabelt haben):</numerusform>
            <numerusform>Wie viele Bilder (andere haben %n gelabelt, die Sie nicht gelabelt haben):</numerusform>
        </translation>
    </message>
    <message>
        <source>Label again, blind</source>
        <translation>Blind noch einmal labeln</translation>
    </message>
    <message>
        <source>Labelling again, blind</source>
        <translation>Noch einmal, blind</translation>
    </message>
    <message>
        <source>Who is labelling</source>
        <translation>Wer labelt</translation>
    </message>
    <message>
        <source>Your name:</source>
        <translation>Ihr Name:</translation>
    </message>
    <message>
        <source>Labels are now stored as {annotator}&apos;s.</source>
        <translation>Labels werden ab jetzt unter {annotator} gespeichert.</translation>
    </message>
    <message>
        <source>Use as wrong exa&amp;mple of ...</source>
        <translation>Als Gegenbeispiel &amp;verwenden für ...</translation>
    </message>
    <message>
        <source>Show these images where a class is explained that they could be mistaken for</source>
        <translation>Diese Bilder dort zeigen, wo eine Klasse erklärt wird, mit der man sie verwechseln kann</translation>
    </message>
    <message>
        <source>Gu&amp;idelines ...</source>
        <translation>R&amp;ichtlinien ...</translation>
    </message>
    <message>
        <source>The name that labels are stored under</source>
        <translation>Der Name, unter dem Labels gespeichert werden</translation>
    </message>
    <message>
        <source>By its number or part of its name</source>
        <translation>Nach der Nummer oder einem Teil des Namens</translation>
    </message>
    <message>
        <source>Where people disagree, and how much</source>
        <translation>Wo Personen uneins sind, und wie sehr</translation>
    </message>
    <message>
        <source>Label what others have labelled without seeing their answers</source>
        <translation>Labeln, was andere gelabelt haben, ohne ihre Antworten zu sehen</translation>
    </message>
    <message>
        <source>En&amp;coder ...</source>
        <translation>En&amp;coder ...</translation>
    </message>
    <message>
        <source>The pretrained network: size, speed here, licence, download</source>
        <translation>Das vortrainierte Netz: Größe, Tempo auf diesem Rechner, Lizenz, Herunterladen</translation>
    </message>
    <message>
        <source>Prog&amp;ress ...</source>
        <translation>Forts&amp;chritt ...</translation>
    </message>
    <message>
        <source>Labels per day, seconds per image, accuracy, agreement, what is still needed</source>
        <translation>Labels je Tag, Sekunden je Bild, Genauigkeit, Übereinstimmung, was noch fehlt</translation>
    </message>
    <message>
        <source>Let the model label where it is sure enough; kept apart from people&apos;s labels</source>
        <translation>Das Modell labeln lassen, wo es sicher genug ist; getrennt von den Labels der Menschen</translation>
    </message>
    <message>
        <source>Selected on the map</source>
        <translation>Auf der Karte ausgewählt</translation>
    </message>
    <message>
        <source>Import labels</source>
        <translation>Labels importieren</translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) imported.</source>
        <translation>
            <numerusform>%n Label importiert.</numerusform>
            <numerusform>%n Labels importiert.</numerusform>
        </translation>
    </message>
    <message>
        <source>Left open by the model, most confident first</source>
        <translation>Vom Modell offen gelassen, die sichersten zuerst</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Likely mistakes first</source>
        <translation>Wahrscheinliche Fehler zuerst</translation>
    </message>
    <message>
        <source>Least confident first</source>
        <translation>Unsicherste zuerst</translation>
    </message>
    <message>
        <source>Most confident first</source>
        <translation>Sicherste zuerst</translation>
    </message>
    <message>
        <source>All images</source>
        <translation>Alle Bilder</translation>
    </message>
    <message>
        <source>Unlabelled</source>
        <translation>Ohne Label</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>Gelabelt</translation>
    </message>
    <message>
        <source>Skipped without a reason</source>
        <translation>Ohne Grund übersprungen</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Not any class</source>
        <translation>Keine der Klassen</translation>
    </message>
    <message>
        <source>Bad image</source>
        <translation>Schlechtes Bild</translation>
    </message>
    <message>
        <source>With a note</source>
        <translation>Mit Notiz</translation>
    </message>
    <message>
        <source>Accepted suggestions</source>
        <translation>Angenommene Vorschläge</translation>
    </message>
    <message>
        <source>Labelled by the model</source>
        <translation>Vom Modell gelabelt</translation>
    </message>
    <message>
        <source>Unlike the model&apos;s earlier suggestion</source>
        <translation>Anders als der frühere Vorschlag</translation>
    </message>
    <message>
        <source>Checked in a review</source>
        <translation>Beim Durchsehen geprüft</translation>
    </message>
    <message>
        <source>People disagree</source>
        <translation>Uneinigkeit</translation>
    </message>
    <message>
        <source>Exact copies</source>
        <translation>Exakte Kopien</translation>
    </message>
    <message>
        <source>Examples of a class</source>
        <translation>Beispiele einer Klasse</translation>
    </message>
    <message>
        <source>Labelled in an audit</source>
        <translation>Bei einer Modellprüfung gelabelt</translation>
    </message>
    <message>
        <source>A person</source>
        <translation>Eine Person</translation>
    </message>
    <message>
        <source>The oracle</source>
        <translation>Das Orakel</translation>
    </message>
    <message>
        <source>An import</source>
        <translation>Ein Import</translation>
    </message>
    <message>
        <source>No label yet</source>
        <translation>Noch kein Label</translation>
    </message>
    <message>
        <source>Images to label</source>
        <translation>Zu labelnde Bilder</translation>
    </message>
    <message>
        <source>Held-out test images</source>
        <translation>Zurückgehaltene Testbilder</translation>
    </message>
    <message>
        <source>Held-out validation images</source>
        <translation>Zurückgehaltene Validierungsbilder</translation>
    </message>
    <message>
        <source>Part of a name, or filters such as {example}</source>
        <translation>Teil eines Namens oder Filter wie {example}</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Add filter</source>
        <translation>Filter hinzufügen</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Earlier images of the list</source>
        <translation>Vorherige Bilder der Liste</translation>
    </message>
    <message>
        <source>Later images of the list</source>
        <translation>Weitere Bilder der Liste</translation>
    </message>
    <message>
        <source>{first} to {last} of {total}</source>
        <translation>{first} bis {last} von {total}</translation>
    </message>
    <message>
        <source>Save this view ...</source>
        <translation>Diese Ansicht speichern ...</translation>
    </message>
    <message>
        <source>Delete a view</source>
        <translation>Eine Ansicht löschen</translation>
    </message>
    <message>
        <source>Save this view</source>
        <translation>Diese Ansicht speichern</translation>
    </message>
    <message>
        <source>Name of the view</source>
        <translation>Name der Ansicht</translation>
    </message>
    <message>
        <source>Near-duplicates</source>
        <translation>Fast gleiche Bilder</translation>
    </message>
    <message>
        <source>Outliers, furthest first</source>
        <translation>Ausreißer, die entferntesten zuerst</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>Runde</translation>
    </message>
    <message>
        <source>Matrix ...</source>
        <translation>Matrix ...</translation>
    </message>
    <message>
        <source>No label differs from the model&apos;s earlier suggestion. These are the newest.</source>
        <translation>Kein Label weicht vom früheren Vorschlag des Modells ab. Dies sind die neuesten.</translation>
    </message>
    <message>
        <source>There were no suggestions before these labels were given. Newest first.</source>
        <translation>Bevor diese Labels vergeben wurden, gab es keine Vorschläge. Neueste zuerst.</translation>
    </message>
    <message>
        <source>Images: {order}</source>
        <translation>Bilder: {order}</translation>
    </message>
    <message>
        <source>Any label</source>
        <translation>Irgendein Label</translation>
    </message>
    <message>
        <source>Labels compared with the suggestions made before them; click a cell</source>
        <translation>Labels im Vergleich mit den Vorschlägen davor; klicken Sie auf eine Zelle</translation>
    </message>
    <message>
        <source>There were no suggestions before these labels were given</source>
        <translation>Bevor diese Labels vergeben wurden, gab es keine Vorschläge</translation>
    </message>
    <message>
        <source>Any class</source>
        <translation>Jede Klasse</translation>
    </message>
    <message>
        <source>Anybody</source>
        <translation>Alle Personen</translation>
    </message>
    <message>
        <source>Round {number}</source>
        <translation>Runde {number}</translation>
    </message>
    <message>
        <source>Any round</source>
        <translation>Jede Runde</translation>
    </message>
    <message>
        <source>In order of import</source>
        <translation>In der Reihenfolge des Imports</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Namen</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>Smallest first</source>
        <translation>Kleinste zuerst</translation>
    </message>
    <message>
        <source>Review: {order}</source>
        <translation>Durchsicht: {order}</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s)</source>
        <translation>
            <numerusform>%n Bild</numerusform>
            <numerusform>%n Bilder</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Strategy</source>
        <translation>&amp;Strategie</translation>
    </message>
    <message>
        <source>&amp;Learner</source>
        <translation>&amp;Lernverfahren</translation>
    </message>
    <message>
        <source>&amp;Network</source>
        <translation>&amp;Netz</translation>
    </message>
    <message>
        <source>&amp;Recipe</source>
        <translation>&amp;Rezept</translation>
    </message>
    <message>
        <source>Self-s&amp;upervised</source>
        <translation>Selbst&amp;überwacht</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>&amp;Gerät</translation>
    </message>
    <message>
        <source>CIFAR Python files</source>
        <translation>CIFAR-Python-Dateien</translation>
    </message>
    <message>
        <source>NumPy archive</source>
        <translation>NumPy-Archiv</translation>
    </message>
    <message>
        <source>Trained model (ONNX)</source>
        <translation>Trainiertes Modell (ONNX)</translation>
    </message>
    <message>
        <source>Trained model (torch.export)</source>
        <translation>Trainiertes Modell (torch.export)</translation>
    </message>
    <message>
        <source>Weighted CoreSet: far from labelled images, uncertain and typical</source>
        <translation>Gewichtetes CoreSet: Bilder fern von den gelabelten, unsicher und typisch</translation>
    </message>
    <message>
        <source>CoreSet: most different from labelled images; worse than random with few labels</source>
        <translation>CoreSet: Bilder, die sich am stärksten von den gelabelten unterscheiden; bei wenigen Labels schlechter als Zufall</translation>
    </message>
    <message>
        <source>Linear probe: a pretrained encoder that knows photos; learns in seconds</source>
        <translation>Linear Probe: ein vortrainierter Encoder, der Fotos kennt; lernt in Sekunden</translation>
    </message>
    <message>
        <source>MC Dropout: entropy of the mean prediction under dropout, of features or a network</source>
        <translation>MC Dropout: Entropie der mittleren Vorhersage unter Dropout, von Merkmalen oder einem Netz</translation>
    </message>
    <message>
        <source>BALD: images whose predictions under dropout disagree, of features or a network</source>
        <translation>BALD: Bilder, deren Vorhersagen sich unter Dropout widersprechen, von Merkmalen oder einem Netz</translation>
    </message>
    <message>
        <source>CDAL: images whose class confusions differ from those chosen so far</source>
        <translation>CDAL: Bilder, deren Klassenverwechslungen sich von den bisher gewählten unterscheiden</translation>
    </message>
    <message>
        <source>UncertainGCN: a graph network learns what is labelled and picks where it is unsure</source>
        <translation>UncertainGCN: Ein Graphnetz lernt, was gelabelt ist, und wählt, wo es unsicher ist</translation>
    </message>
    <message>
        <source>CoreGCN: CoreSet on a graph network&apos;s features</source>
        <translation>CoreGCN: CoreSet auf den Merkmalen eines Graphnetzes</translation>
    </message>
    <message>
        <source>Learning Loss: images with a high predicted loss</source>
        <translation>Learning Loss: Bilder mit hohem vorhergesagtem Verlust</translation>
    </message>
    <message>
        <source>VAAL: images, or their features, that a discriminator recognises as unlabelled</source>
        <translation>VAAL: Bilder (oder ihre Merkmale), die ein Diskriminator als ungelabelt erkennt</translation>
    </message>
    <message>
        <source>MoBYv2AL: also trains the last stages of the encoder, in a minute or two</source>
        <translation>MoBYv2AL: trainiert auch die letzten Stufen des Encoders, in ein bis zwei Minuten</translation>
    </message>
    <message>
        <source>CSAL: images whose prediction changes between views</source>
        <translation>CSAL: Bilder, deren Vorhersage sich zwischen Ansichten ändert</translation>
    </message>
    <message>
        <source>frozen encoder</source>
        <translation>vortrainierter Encoder</translation>
    </message>
    <message>
        <source>EfficientNet-Lite0: trained on ImageNet; for any computer</source>
        <translation>EfficientNet-Lite0: auf ImageNet trainiert; für jeden Rechner</translation>
    </message>
    <message>
        <source>hub of encoders</source>
        <translation>Quelle von Encodern</translation>
    </message>
    <message>
        <source>MobileNetV4, small: trained on ImageNet; the fastest</source>
        <translation>MobileNetV4, klein: auf ImageNet trainiert; das schnellste</translation>
    </message>
    <message>
        <source>ResNet-50: trained on ImageNet; the usual baseline in papers</source>
        <translation>ResNet-50: auf ImageNet trainiert; der übliche Vergleich in Veröffentlichungen</translation>
    </message>
    <message>
        <source>DINO, small transformer: trained on ImageNet without its labels</source>
        <translation>DINO, kleiner Transformer: auf ImageNet ohne dessen Label trainiert</translation>
    </message>
    <message>
        <source>DINOv2, small transformer: trained on 142 million images without labels</source>
        <translation>DINOv2, kleiner Transformer: auf 142 Millionen Bildern ohne Label trainiert</translation>
    </message>
    <message>
        <source>CLIP, transformer: trained on images with captions; also for drawings and products</source>
        <translation>CLIP, Transformer: auf Bildern mit ihren Beschreibungen trainiert; auch für Zeichnungen und Produkte</translation>
    </message>
    <message>
        <source>ConvNeXt, tiny: trained on 12,000 classes of ImageNet; photos of many kinds</source>
        <translation>ConvNeXt, winzig: auf 12.000 Klassen von ImageNet trainiert; Fotos vieler Art</translation>
    </message>
    <message>
        <source>Random: a fair sample, as a baseline or for measuring</source>
        <translation>Zufall: eine faire Stichprobe, zum Vergleichen oder Messen</translation>
    </message>
    <message>
        <source>Needs a trained model; its paper trains one by MixMatch.</source>
        <translation>Braucht ein trainiertes Modell; das Paper trainiert es mit MixMatch.</translation>
    </message>
    <message>
        <source>Needs a trained model; it drops out features, unless the network has dropout layers.</source>
        <translation>Braucht ein trainiertes Modell; lässt Merkmale weg, außer wenn das Netz Dropout-Schichten hat.</translation>
    </message>
    <message>
        <source>DropQuery: cluster centres of images whose prediction changes under dropout</source>
        <translation>DropQuery: Clusterzentren der Bilder, deren Vorhersage sich unter Dropout ändert</translation>
    </message>
    <message>
        <source>ProbCover: images that cover most of the pool; for few labels</source>
        <translation>ProbCover: Bilder, die den größten Teil des Bestands abdecken; bei wenigen Labels</translation>
    </message>
    <message>
        <source>TypiClust: typical images of unlabelled clusters; for few labels</source>
        <translation>TypiClust: typische Bilder aus Clustern ohne Labels; bei wenigen Labels</translation>
    </message>
    <message>
        <source>BADGE: images with large and diverse gradients</source>
        <translation>BADGE: Bilder mit großen und verschiedenen Gradienten</translation>
    </message>
    <message>
        <source>Cluster-margin: uncertain images spread over clusters</source>
        <translation>Cluster-Margin: unsichere Bilder, über Cluster verteilt</translation>
    </message>
    <message>
        <source>Least confidence: images whose most likely class is unlikely</source>
        <translation>Least Confidence: Bilder, deren wahrscheinlichste Klasse unwahrscheinlich ist</translation>
    </message>
    <message>
        <source>Entropy: images with many likely classes</source>
        <translation>Entropie: Bilder mit vielen wahrscheinlichen Klassen</translation>
    </message>
    <message>
        <source>Margin: images with two nearly equally likely classes</source>
        <translation>Margin: Bilder mit zwei fast gleich wahrscheinlichen Klassen</translation>
    </message>
    <message>
        <source>ResNet, small: for computers without a GPU</source>
        <translation>ResNet, klein: für Rechner ohne GPU</translation>
    </message>
    <message>
        <source>ResNet-18: the paper&apos;s second network; needs a GPU</source>
        <translation>ResNet-18: das zweite Netz des Papers; braucht eine GPU</translation>
    </message>
    <message>
        <source>VGG-16: the paper&apos;s network for CIFAR-10; needs a GPU</source>
        <translation>VGG-16: das Netz des Papers für CIFAR-10; braucht eine GPU</translation>
    </message>
    <message>
        <source>Wide ResNet 28-2: for small images; needs a GPU</source>
        <translation>Wide ResNet 28-2: für kleine Bilder; braucht eine GPU</translation>
    </message>
    <message>
        <source>Wide ResNet 28-10: the largest; needs a large GPU</source>
        <translation>Wide ResNet 28-10: das größte; braucht eine große GPU</translation>
    </message>
    <message>
        <source>Quick: under a minute for small pools</source>
        <translation>Schnell: bei kleinen Beständen unter einer Minute</translation>
    </message>
    <message>
        <source>Thorough: six times as long; worth it with several hundred labels</source>
        <translation>Gründlich: sechsmal so lang; lohnt ab einigen hundert Labels</translation>
    </message>
    <message>
        <source>Paper: 200 epochs as published; hours without a GPU</source>
        <translation>Paper: 200 Epochen wie veröffentlicht; ohne GPU Stunden</translation>
    </message>
    <message>
        <source>MoBYv2: the paper&apos;s method; queues of keys, a weak and a strong view</source>
        <translation>MoBYv2: das Verfahren des Papers; Warteschlangen von Schlüsseln, eine schwache und eine starke Ansicht</translation>
    </message>
    <message>
        <source>MoBY: queues of keys, two strong views, larger heads</source>
        <translation>MoBY: Warteschlangen von Schlüsseln, zwei starke Ansichten, größere Köpfe</translation>
    </message>
    <message>
        <source>MoCo v2: one view is compared with the other and a queue of keys</source>
        <translation>MoCo v2: Eine Ansicht wird mit der anderen und einer Warteschlange von Schlüsseln verglichen</translation>
    </message>
    <message>
        <source>BYOL: each view predicts a slower copy&apos;s output for the other</source>
        <translation>BYOL: Jede Ansicht sagt voraus, was eine langsamere Kopie aus der anderen macht</translation>
    </message>
    <message>
        <source>SimSiam: each view predicts the other; no negatives, no slower copy</source>
        <translation>SimSiam: Jede Ansicht sagt die andere voraus; keine Negativbeispiele, keine langsamere Kopie</translation>
    </message>
    <message>
        <source>SimCLR: the other images of the batch are the negatives</source>
        <translation>SimCLR: Die anderen Bilder des Batches sind die Negativbeispiele</translation>
    </message>
    <message>
        <source>DINO: each view matches a slower, sharper copy&apos;s output for the other</source>
        <translation>DINO: Jede Ansicht gleicht sich der Ausgabe einer langsameren, schärferen Kopie für die andere an</translation>
    </message>
    <message>
        <source>Fastest available</source>
        <translation>Das schnellste verfügbare</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>NVIDIA GPU</source>
        <translation>NVIDIA-GPU</translation>
    </message>
    <message>
        <source>Apple GPU</source>
        <translation>Apple-GPU</translation>
    </message>
    <message>
        <source>Needs nothing.</source>
        <translation>Braucht nichts.</translation>
    </message>
    <message>
        <source>Needs a trained model.</source>
        <translation>Braucht ein trainiertes Modell.</translation>
    </message>
    <message>
        <source>Needs a model trained together with it: a module is trained alongside.</source>
        <translation>Braucht ein Modell, das mit ihr zusammen trainiert wurde: Ein Modul wird mittrainiert.</translation>
    </message>
    <message>
        <source>Needs a trained model; trains small networks while choosing.</source>
        <translation>Braucht ein trainiertes Modell; trainiert beim Auswählen kleine Netze.</translation>
    </message>
    <message>
        <source>strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>learner</source>
        <translation>Lernverfahren</translation>
    </message>
    <message>
        <source>encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>self-supervised method</source>
        <translation>selbstüberwachtes Verfahren</translation>
    </message>
    <message>
        <source>protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>&amp;Train as soon as a batch is finished</source>
        <translation>&amp;Trainieren, sobald ein Stapel fertig ist</translation>
    </message>
    <message>
        <source>&amp;Show the next batch after two seconds without a key press</source>
        <translation>Den nächsten Stapel nach zwei Sekunden ohne Taste &amp;zeigen</translation>
    </message>
    <message>
        <source>The same rounds without the window, labelled by the oracle</source>
        <translation>Dieselben Runden ohne Fenster, vom Orakel gelabelt</translation>
    </message>
    <message>
        <source>The same as a command</source>
        <translation>Dasselbe als Befehl</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source> seconds before each image</source>
        <translation> Sekunden vor jedem Bild</translation>
    </message>
    <message>
        <source>Answers the whole batch at once</source>
        <translation>Beantwortet den ganzen Stapel auf einmal</translation>
    </message>
    <message>
        <source>As a command</source>
        <translation>Als Befehl</translation>
    </message>
    <message>
        <source>Images called “{name}”</source>
        <translation>Bilder namens „{name}“</translation>
    </message>
    <message>
        <source>The next batch is ready: {key} shows it.</source>
        <translation>Der nächste Stapel ist bereit: {key} zeigt ihn.</translation>
    </message>
    <message>
        <source>This batch is finished.</source>
        <translation>Dieser Stapel ist fertig.</translation>
    </message>
    <message>
        <source>All images have been labelled again. Agreement, in the menu Go, shows where you differ.</source>
        <translation>Alle Bilder sind noch einmal gelabelt. Übereinstimmung, im Menü Gehe zu, zeigt die Unterschiede.</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Key of {name}</source>
        <translation>Taste von {name}</translation>
    </message>
    <message>
        <source>Click a key and press another one. Keys of classes take precedence.</source>
        <translation>Klicken Sie eine Taste an und drücken Sie eine andere. Tasten von Klassen haben Vorrang.</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>Standard wiederherstellen</translation>
    </message>
    <message>
        <source>{keys} is already the key of “{name}”.</source>
        <translation>{keys} ist schon die Taste von „{name}“.</translation>
    </message>
    <message>
        <source>All keys are back to their defaults.</source>
        <translation>Alle Tasten sind wieder auf dem Standard.</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>keine Taste</translation>
    </message>
    <message>
        <source>The current image</source>
        <translation>Das aktuelle Bild</translation>
    </message>
    <message>
        <source>{key} accepts</source>
        <translation>{key} nimmt an</translation>
    </message>
    <message>
        <source>The most confident suggestions cannot be accepted together: the model has never seen “{name}”. Train again.</source>
        <translation>Die sichersten Vorschläge können nicht zusammen angenommen werden: Das Modell hat „{name}“ nie gesehen. Trainieren Sie noch einmal.</translation>
    </message>
    <message>
        <source>Accepting the most confident suggestions together needs {enough} labels; there are {count}.</source>
        <translation>Um die sichersten Vorschläge zusammen anzunehmen, braucht es {enough} Labels; es gibt {count}.</translation>
    </message>
    <message>
        <source>Accepting the most confident suggestions together needs {enough} that have been checked against labels; {count} so far.</source>
        <translation>Um die sichersten Vorschläge zusammen anzunehmen, müssen {enough} mit Labels verglichen sein; bisher sind es {count}.</translation>
    </message>
    <message>
        <source>The most confident suggestions cannot be accepted together: only {right} of {compared} checked so far were correct.</source>
        <translation>Die sichersten Vorschläge können nicht zusammen angenommen werden: Nur {right} von {compared} bisher geprüften waren richtig.</translation>
    </message>
    <message>
        <source>Show the model&apos;s suggestions; hide them if they might bias you</source>
        <translation>Die Vorschläge des Modells zeigen; verbergen, wenn sie Sie beeinflussen könnten</translation>
    </message>
    <message>
        <source>Group images by suggested class</source>
        <translation>Bilder nach vorgeschlagener Klasse gruppieren</translation>
    </message>
    <message>
        <source>Target precision of suggestions that are accepted together</source>
        <translation>Zielgenauigkeit der Vorschläge, die zusammen angenommen werden</translation>
    </message>
    <message>
        <source>Accept most confident</source>
        <translation>Sicherste annehmen</translation>
    </message>
    <message>
        <source>Suggestions ({key})</source>
        <translation>Vorschläge ({key})</translation>
    </message>
    <message>
        <source>Group by class ({key})</source>
        <translation>Nach Klasse gruppieren ({key})</translation>
    </message>
    <message>
        <source>, {share} expected correct</source>
        <translation>, voraussichtlich {share} richtig</translation>
    </message>
    <message>
        <source> · {right} of {compared} checked so far were correct</source>
        <translation> · {right} von {compared} bisher geprüften waren richtig</translation>
    </message>
    <message>
        <source>Select the most confident suggestions; again to accept them  ({key})</source>
        <translation>Die sichersten Vorschläge auswählen; noch einmal: annehmen  ({key})</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>Press a number</source>
        <translation>Eine Ziffer drücken</translation>
    </message>
    <message>
        <source>It labels the selected image, and the next unlabelled one is selected. Select several with Shift, Ctrl or the mouse: one key labels them all.</source>
        <translation>Sie labelt das ausgewählte Bild, und das nächste ohne Label wird ausgewählt. Wählen Sie mehrere mit Umschalt, Strg oder der Maus aus: Eine Taste labelt alle.</translation>
    </message>
    <message>
        <source>The classes and their keys</source>
        <translation>Die Klassen und ihre Tasten</translation>
    </message>
    <message>
        <source>Click a class or press its key. The key {find} makes a new one; right-click a class to change it. No label is ever lost.</source>
        <translation>Eine Klasse anklicken oder ihre Taste drücken. Die Taste {find} legt eine neue an; ein Rechtsklick ändert eine. Kein Label geht je verloren.</translation>
    </message>
    <message>
        <source>No need to save</source>
        <translation>Nichts muss gespeichert werden</translation>
    </message>
    <message>
        <source>Every label you see is on disk. {undo} undoes without limit, even tomorrow. {skip} skips what you are not sure of.</source>
        <translation>Jedes Label, das Sie sehen, ist gespeichert. {undo} nimmt unbegrenzt zurück, auch morgen noch. {skip} überspringt, wobei Sie unsicher sind.</translation>
    </message>
    <message>
        <source>A model learns beside you</source>
        <translation>Ein Modell lernt mit</translation>
    </message>
    <message>
        <source>When the batch is finished, the model learns, chooses the images it can learn most from, and suggests their classes. Press {train} to train at any time, and keep labelling while it runs.</source>
        <translation>Ist der Stapel fertig, lernt das Modell, wählt die Bilder, aus denen es am meisten lernt, und schlägt ihre Klassen vor. {train} trainiert jederzeit, und Sie können dabei weiterlabeln.</translation>
    </message>
    <message>
        <source>Everything has a key</source>
        <translation>Alles hat eine Taste</translation>
    </message>
    <message>
        <source>This line says what is going on. {keys} lists the keys, {commands} finds any command by part of its name; Help → Tour shows this again.</source>
        <translation>Diese Zeile sagt, was gerade geschieht. {keys} zeigt die Tasten, {commands} findet jeden Befehl nach einem Teil seines Namens; Hilfe → Rundgang zeigt dies noch einmal.</translation>
    </message>
    <message>
        <source>Tour</source>
        <translation>Rundgang</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Skip the tour</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Start labelling</source>
        <translation>Loslegen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Progress of training</source>
        <translation>Fortschritt des Trainings</translation>
    </message>
    <message numerus="yes">
        <source>Trained on %n label(s)</source>
        <translation>
            <numerusform>Trainiert mit %n Label</numerusform>
            <numerusform>Trainiert mit %n Labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopped; there were %n label(s)</source>
        <translation>
            <numerusform>Angehalten; es gab %n Label</numerusform>
            <numerusform>Angehalten; es gab %n Labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Failed; there were %n label(s)</source>
        <translation>
            <numerusform>Fehlgeschlagen; es gab %n Label</numerusform>
            <numerusform>Fehlgeschlagen; es gab %n Labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Training on %n label(s)</source>
        <translation>
            <numerusform>Training mit %n Label</numerusform>
            <numerusform>Training mit %n Labels</numerusform>
        </translation>
    </message>
    <message>
        <source>, {seconds} s</source>
        <translation>, {seconds} s</translation>
    </message>
    <message>
        <source>Model details</source>
        <translation>Modell im Einzelnen</translation>
    </message>
    <message>
        <source>Accuracy on the held-out images, with its 90 % interval.</source>
        <translation>Genauigkeit auf den zurückgehaltenen Bildern, mit ihrem 90-%-Intervall.</translation>
    </message>
    <message>
        <source>Estimated accuracy on the unlabelled images, with its 90 % interval: from an audit, a random sample labelled blind and not trained on.</source>
        <translation>Geschätzte Genauigkeit auf den Bildern ohne Label, mit 90-%-Intervall: aus einer Modellprüfung, einer Zufallsstichprobe, die blind gelabelt und nicht zum Training verwendet wurde.</translation>
    </message>
    <message>
        <source>Estimated accuracy on the unlabelled images, with its 90 % interval: from cross-validation on the labels. An audit (menu Model) measures it.</source>
        <translation>Geschätzte Genauigkeit auf den Bildern ohne Label, mit 90-%-Intervall: durch Kreuzvalidierung auf den Labels. Modell prüfen (Menü Modell) misst sie.</translation>
    </message>
    <message>
        <source>How often the model&apos;s suggestion became the label, with the 90 % interval. Images chosen by a strategy are harder than the others.</source>
        <translation>Wie oft die Vorschläge des Modells zum Label wurden, mit dem 90-%-Intervall. Bilder, die eine Strategie wählte, sind schwerer als die anderen.</translation>
    </message>
    <message>
        <source>Accuracy of the models so far</source>
        <translation>Genauigkeit der bisherigen Modelle</translation>
    </message>
    <message>
        <source>Not trained yet.</source>
        <translation>Noch nicht trainiert.</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>accuracy unknown</source>
        <translation>Genauigkeit unbekannt</translation>
    </message>
    <message>
        <source>Too few labels to tell</source>
        <translation>Zu wenige Labels für eine Aussage</translation>
    </message>
    <message numerus="yes">
        <source>Fine-tuned on %n label(s): {fine_tuned}, linear {linear}</source>
        <translation>
            <numerusform>Feingetunt mit %n Label: {fine_tuned}, linear {linear}</numerusform>
            <numerusform>Feingetunt mit %n Labels: {fine_tuned}, linear {linear}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The linear head answers: {linear}, fine-tuned on %n label(s) {fine_tuned}</source>
        <translation>
            <numerusform>Der lineare Kopf antwortet: {linear}, feingetunt mit %n Label {fine_tuned}</numerusform>
            <numerusform>Der lineare Kopf antwortet: {linear}, feingetunt mit %n Labels {fine_tuned}</numerusform>
        </translation>
    </message>
    <message>
        <source>More labels hardly help now.</source>
        <translation>Mehr Labels helfen kaum noch.</translation>
    </message>
    <message>
        <source>{accuracy} ({low}–{high})</source>
        <translation>{accuracy} ({low}–{high})</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>{duration} left</source>
        <translation>noch {duration}</translation>
    </message>
    <message>
        <source>Epoch {epoch}</source>
        <translation>Epoche {epoch}</translation>
    </message>
    <message>
        <source>loss {losses}</source>
        <translation>Verlust {losses}</translation>
    </message>
    <message>
        <source>accuracy {accuracy}</source>
        <translation>Genauigkeit {accuracy}</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>Label some images. A model learns beside you
and picks the next ones, so that you label far fewer.</source>
        <translation>Labeln Sie einige Bilder. Ein Modell lernt mit
und wählt die nächsten, damit es viel weniger werden.</translation>
    </message>
    <message>
        <source>New project ...</source>
        <translation>Neues Projekt ...</translation>
    </message>
    <message>
        <source>Open project ...</source>
        <translation>Projekt öffnen ...</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>Demo ausprobieren</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Unpacking</source>
        <translation>Auspacken</translation>
    </message>
    <message>
        <source>Extracting pages</source>
        <translation>Seiten werden ausgelesen</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Reading images</source>
        <translation>Bilder werden gelesen</translation>
    </message>
    <message>
        <source>Drawing the demo images</source>
        <translation>Demobilder werden gezeichnet</translation>
    </message>
    <message>
        <source>Evaluating</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Predicting with dropout</source>
        <translation>Vorhersage mit Dropout</translation>
    </message>
    <message>
        <source>Reading features</source>
        <translation>Merkmale werden gelesen</translation>
    </message>
    <message>
        <source>Selecting</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Vergleiche</translation>
    </message>
    <message>
        <source>Predicting</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Looking for images</source>
        <translation>Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Comparing views</source>
        <translation>Ansichten werden verglichen</translation>
    </message>
    <message>
        <source>Not enough memory: continuing with smaller batches</source>
        <translation>Der Speicher ist knapp: weiter mit kleineren Stapeln</translation>
    </message>
    <message>
        <source>consistency</source>
        <translation>Konsistenz</translation>
    </message>
    <message>
        <source>self-supervised</source>
        <translation>selbstüberwacht</translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation>CSV-Tabelle</translation>
    </message>
    <message>
        <source>CSV table, unescaped</source>
        <translation>CSV-Tabelle, ohne Maskierung</translation>
    </message>
    <message>
        <source>Folders named by class</source>
        <translation>Ordner mit Klassennamen</translation>
    </message>
    <message>
        <source>CSV table for Excel</source>
        <translation>CSV-Tabelle für Excel</translation>
    </message>
    <message>
        <source>Tab-separated table</source>
        <translation>Tabelle mit Tabulatoren</translation>
    </message>
    <message>
        <source>JSON Lines</source>
        <translation>JSON Lines</translation>
    </message>
    <message>
        <source>Hugging Face folder</source>
        <translation>Ordner für Hugging Face</translation>
    </message>
    <message>
        <source>Parquet table</source>
        <translation>Parquet-Tabelle</translation>
    </message>
    <message>
        <source>Label Studio tasks</source>
        <translation>Label-Studio-Aufgaben</translation>
    </message>
    <message>
        <source>CVAT, ImageNet 1.0</source>
        <translation>CVAT, ImageNet 1.0</translation>
    </message>
    <message>
        <source>Datumaro</source>
        <translation>Datumaro</translation>
    </message>
    <message>
        <source>FiftyOne classification</source>
        <translation>FiftyOne-Klassifikation</translation>
    </message>
    <message>
        <source>COCO JSON</source>
        <translation>COCO-JSON</translation>
    </message>
    <message>
        <source>labelme flags</source>
        <translation>labelme-Flags</translation>
    </message>
    <message>
        <source>WebDataset shards</source>
        <translation>WebDataset-Archive</translation>
    </message>
    <message>
        <source>Trained model (safetensors)</source>
        <translation>Trainiertes Modell (safetensors)</translation>
    </message>
    <message numerus="yes">
        <source>Next batch ready: %n image(s)</source>
        <translation>
            <numerusform>Nächster Stapel bereit: %n Bild</numerusform>
            <numerusform>Nächster Stapel bereit: %n Bilder</numerusform>
        </translation>
    </message>
    <message>
        <source> · {left} open in this one</source>
        <translation> · {left} offen in diesem</translation>
    </message>
    <message>
        <source>Show it ({key})</source>
        <translation>Zeigen ({key})</translation>
    </message>
    <message>
        <source>All labelled again</source>
        <translation>Alle sind noch einmal gelabelt</translation>
    </message>
    <message>
        <source>back</source>
        <translation>zurück</translation>
    </message>
    <message>
        <source>{done} of {total} checked</source>
        <translation>{done} von {total} geprüft</translation>
    </message>
    <message>
        <source>search again</source>
        <translation>neu suchen</translation>
    </message>
    <message numerus="yes">
        <source>Reviewed %n image(s)</source>
        <translation>
            <numerusform>%n Bild durchgesehen</numerusform>
            <numerusform>%n Bilder durchgesehen</numerusform>
        </translation>
    </message>
    <message>
        <source>{labelled} labelled</source>
        <translation>{labelled} gelabelt</translation>
    </message>
    <message>
        <source>{aside} put aside</source>
        <translation>{aside} zurückgestellt</translation>
    </message>
    <message>
        <source>Batch finished</source>
        <translation>Stapel fertig</translation>
    </message>
    <message>
        <source>next batch</source>
        <translation>nächster Stapel</translation>
    </message>
    <message>
        <source>train</source>
        <translation>trainieren</translation>
    </message>
    <message>
        <source>check</source>
        <translation>prüfen</translation>
    </message>
    <message>
        <source>undo</source>
        <translation>rückgängig</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>Konfusionsmatrix</translation>
    </message>
    <message>
        <source>Labels and suggestions</source>
        <translation>Labels und Vorschläge</translation>
    </message>
    <message>
        <source>Rows are labels, columns what the model had suggested before. Click a cell to see its images.</source>
        <translation>Zeilen sind Labels, Spalten die Vorschläge, die das Modell davor machte. Ein Klick auf eine Zelle zeigt ihre Bilder.</translation>
    </message>
    <message>
        <source>Review: labelled {label}, suggested {said}</source>
        <translation>Durchsicht: gelabelt als {label}, vorgeschlagen {said}</translation>
    </message>
    <message>
        <source>{count} labelled {label}, suggested {said}</source>
        <translation>{count} gelabelt als {label}, vorgeschlagen {said}</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Last labelled</source>
        <translation>Zuletzt gelabelt</translation>
    </message>
    <message>
        <source>Images around the current one</source>
        <translation>Bilder um das aktuelle</translation>
    </message>
    <message>
        <source>Coarse: colours and rough shapes. Fastest</source>
        <translation>Grob: Farben und ungefähre Formen. Am schnellsten</translation>
    </message>
    <message>
        <source>Medium: shapes and large patterns. 4 times the work</source>
        <translation>Mittel: Formen und große Muster. 4-fache Arbeit</translation>
    </message>
    <message>
        <source>Fine: parts and patterns. 9 times the work</source>
        <translation>Fein: Teile und Muster. 9-fache Arbeit</translation>
    </message>
    <message>
        <source>Finer: small parts. 16 times the work</source>
        <translation>Feiner: kleine Teile. 16-fache Arbeit</translation>
    </message>
    <message>
        <source>Finest, what pretrained networks expect. 49 times the work</source>
        <translation>Am feinsten, wie es vortrainierte Netze erwarten. 49-fache Arbeit</translation>
    </message>
    <message>
        <source>Resolution of training images</source>
        <translation>Auflösung der Bilder zum Trainieren</translation>
    </message>
    <message>
        <source>What a whole network sees of an image</source>
        <translation>Was ein ganzes Netz von einem Bild sieht</translation>
    </message>
    <message>
        <source>Only for training a whole network, which sees what is on the right. The default, a pretrained encoder, reads the files themselves.</source>
        <translation>Nur für das Training eines ganzen Netzes, das sieht, was rechts steht. Der Standard, ein vortrainierter Encoder, liest die Dateien selbst.</translation>
    </message>
    <message>
        <source>Chosen because the model is unsure ({score})</source>
        <translation>Gewählt, weil das Modell unsicher ist ({score})</translation>
    </message>
    <message>
        <source>Chosen because it differs from the labelled images ({score})</source>
        <translation>Gewählt, weil es sich von den gelabelten Bildern unterscheidet ({score})</translation>
    </message>
    <message>
        <source>Chosen because it is typical ({score})</source>
        <translation>Gewählt, weil es typisch ist ({score})</translation>
    </message>
    <message>
        <source>Chosen by {strategy} ({score})</source>
        <translation>Gewählt von {strategy} ({score})</translation>
    </message>
    <message>
        <source>Most similar: {name}</source>
        <translation>Am ähnlichsten: {name}</translation>
    </message>
    <message>
        <source>There is no {kind} &apos;{name}&apos;. Choose one of {known}.</source>
        <translation>„{name}“ gibt es nicht ({kind}). Zur Wahl stehen: {known}.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; of the package {package} cannot be loaded ({error}). Update the package, or remove it.</source>
        <translation>„{name}“ aus dem Paket {package} kann nicht geladen werden ({error}). Aktualisieren oder entfernen Sie das Paket.</translation>
    </message>
    <message>
        <source>There is not enough memory. Close other programs and try again.</source>
        <translation>Der Speicher reicht nicht. Schließen Sie andere Programme und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The disk is full{place}. Free some space and try again.</source>
        <translation>Der Datenträger ist voll{place}. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{path} cannot be read or written ({reason}).</source>
        <translation>{path} kann nicht gelesen oder geschrieben werden ({reason}).</translation>
    </message>
    <message>
        <source>Something went wrong ({named}). `labeller report` bundles the log for a bug report.</source>
        <translation>Etwas ist schiefgegangen ({named}). `labeller report` packt das Protokoll für einen Fehlerbericht zusammen.</translation>
    </message>
    <message>
        <source>{path} is not UTF-8 text.</source>
        <translation>{path} ist kein UTF-8-Text.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({reason}).</source>
        <translation>{path} kann nicht gelesen werden ({reason}).</translation>
    </message>
    <message>
        <source>This user has no home folder. Set HOME, or LABELLER_DATA to a folder for settings.</source>
        <translation>Dieser Benutzer hat keinen Heimatordner. Setzen Sie HOME, oder LABELLER_DATA auf einen Ordner für Einstellungen.</translation>
    </message>
    <message>
        <source>{path} already exists. Choose another name.</source>
        <translation>{path} gibt es schon. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{path} already exists. Choose another name, or add {flag}.</source>
        <translation>{path} gibt es schon. Wählen Sie einen anderen Namen, oder ergänzen Sie {flag}.</translation>
    </message>
    <message>
        <source>{path} is inside the project {folder}. Choose a place outside it.</source>
        <translation>{path} liegt im Projekt {folder}. Wählen Sie einen Ort außerhalb.</translation>
    </message>
    <message>
        <source>{path} is already being read. Choose another name.</source>
        <translation>{path} wird schon gelesen. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{path} is already being written. Choose another name.</source>
        <translation>{path} wird schon geschrieben. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{path} is not UTF-8 text. Save it as CSV in UTF-8.</source>
        <translation>{path} ist kein UTF-8-Text. Speichern Sie es als CSV in UTF-8.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {error}.</source>
        <translation>{path} kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>{path} is not text: it contains null bytes.</source>
        <translation>{path} ist kein Text: Es enthält Nullbytes.</translation>
    </message>
    <message>
        <source>{path} needs a first line with the column &apos;{required}&apos;; the columns found are {found}.</source>
        <translation>{path} braucht eine erste Zeile mit der Spalte „{required}“; gefunden wurden die Spalten {found}.</translation>
    </message>
    <message>
        <source>{path} has several columns &apos;{name}&apos;. Keep one of them.</source>
        <translation>{path} hat mehrere Spalten „{name}“. Behalten Sie eine davon.</translation>
    </message>
    <message>
        <source>{output} cannot be written ({reason}).</source>
        <translation>{output} kann nicht geschrieben werden ({reason}).</translation>
    </message>
    <message>
        <source>{folder} has no backup {name}. `restore` alone lists them.</source>
        <translation>{folder} hat keine Sicherung {name}. `restore` allein zählt sie auf.</translation>
    </message>
    <message>
        <source>{folder} has no history {name}. `check` names them.</source>
        <translation>{folder} hat keinen Verlauf {name}. `check` nennt sie.</translation>
    </message>
    <message>
        <source>No backup of {folder} leads to the history {name}.</source>
        <translation>Keine Sicherung von {folder} führt zum Verlauf {name}.</translation>
    </message>
    <message>
        <source>{folder} has no backup to restore.</source>
        <translation>{folder} hat keine Sicherung, die wiederhergestellt werden könnte.</translation>
    </message>
    <message>
        <source>Nothing was restored, and {folder} is unchanged ({reason}). Free some space, or check its permissions.</source>
        <translation>Es wurde nichts wiederhergestellt, und {folder} ist unverändert ({reason}). Schaffen Sie Platz oder prüfen Sie die Rechte.</translation>
    </message>
    <message>
        <source>{name} is damaged too ({found}). Choose another one.</source>
        <translation>{name} ist selbst beschädigt ({found}). Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>{name} is a backup of another project. Nothing was changed.</source>
        <translation>{name} ist die Sicherung eines anderen Projekts. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} needs a first line with the column &apos;label&apos;.</source>
        <translation>{path} braucht eine erste Zeile mit der Spalte „label“.</translation>
    </message>
    <message>
        <source>{place}: the confidence {written} is not between 0 and 1.</source>
        <translation>{place}: Die Konfidenz {written} liegt nicht zwischen 0 und 1.</translation>
    </message>
    <message>
        <source>{place}: the image is too large.</source>
        <translation>{place}: Das Bild ist zu groß.</translation>
    </message>
    <message>
        <source>{place}: the {name} is not text.</source>
        <translation>{place}: {name} ist kein Text.</translation>
    </message>
    <message>
        <source>{place}: the {name} has {count:,} letters, more than {most:,}.</source>
        <translation>{place}: {name} hat {count:,} Zeichen, mehr als {most:,}.</translation>
    </message>
    <message>
        <source>The format &apos;{title}&apos; can only be written, not read.</source>
        <translation>Das Format „{title}“ kann nur geschrieben, nicht gelesen werden.</translation>
    </message>
    <message>
        <source>format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>There are no labels yet, so there is nothing to export.</source>
        <translation>Noch gibt es keine Labels, also nichts zu exportieren.</translation>
    </message>
    <message>
        <source>The format of {path} cannot be told from its name. Name the format.</source>
        <translation>Das Format von {path} ist am Namen nicht zu erkennen. Geben Sie das Format an.</translation>
    </message>
    <message>
        <source>A figure must be a {formats} file, not {name}.</source>
        <translation>Eine Abbildung muss eine Datei mit {formats} sein, nicht {name}.</translation>
    </message>
    <message>
        <source>Images, cycles and seeds are whole numbers.</source>
        <translation>Bilder, Zyklen und Startwerte sind ganze Zahlen.</translation>
    </message>
    <message>
        <source>Images and cycles are at least 1.</source>
        <translation>Bilder und Zyklen sind mindestens 1.</translation>
    </message>
    <message>
        <source>Give one or more different seeds, 0 or higher.</source>
        <translation>Geben Sie einen oder mehrere verschiedene Startwerte ab 0 an.</translation>
    </message>
    <message>
        <source>Give either an imbalance or a long tail.</source>
        <translation>Geben Sie entweder ein Ungleichgewicht oder einen Long Tail an.</translation>
    </message>
    <message>
        <source>Noise must be at least 0 and below 1.</source>
        <translation>Rauschen muss mindestens 0 und kleiner als 1 sein.</translation>
    </message>
    <message>
        <source>A first batch is chosen at {known}, not &apos;{first}&apos;.</source>
        <translation>Ein erster Stapel wird mit {known} gewählt, nicht mit „{first}“.</translation>
    </message>
    <message>
        <source>A long tail needs a ratio of at least 1.</source>
        <translation>Ein Long Tail braucht ein Verhältnis von mindestens 1.</translation>
    </message>
    <message>
        <source>Accuracy over the pool cannot be measured on noisy labels.</source>
        <translation>Die Genauigkeit über den Bestand lässt sich nicht an verrauschten Labels messen.</translation>
    </message>
    <message>
        <source>A first batch at cluster centres needs a pretrained encoder. Start at random.</source>
        <translation>Ein erster Stapel aus Clusterzentren braucht einen vortrainierten Encoder. Beginnen Sie zufällig.</translation>
    </message>
    <message>
        <source>That would label {wanted} images, but the pool has only {available}.</source>
        <translation>Dafür würden {wanted} Bilder gelabelt, aber der Bestand hat nur {available}.</translation>
    </message>
    <message>
        <source>The name of an experiment becomes a file name: use letters, digits and spaces.</source>
        <translation>Der Name eines Experiments wird zum Dateinamen: Verwenden Sie Buchstaben, Ziffern und Leerzeichen.</translation>
    </message>
    <message>
        <source>The experiment names something unknown.</source>
        <translation>Das Experiment nennt etwas Unbekanntes.</translation>
    </message>
    <message>
        <source>Images and cycles are whole numbers.</source>
        <translation>Bilder und Zyklen sind ganze Zahlen.</translation>
    </message>
    <message>
        <source>There is already an experiment “{name}”.</source>
        <translation>Ein Experiment „{name}“ gibt es schon.</translation>
    </message>
    <message>
        <source>There are already results called “{name}” in {parent}. Choose another name.</source>
        <translation>In {parent} gibt es schon Ergebnisse namens „{name}“. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{file} does not hold results of `simulate` ({kind}: {error}).</source>
        <translation>{file} enthält keine Ergebnisse von `simulate` ({kind}: {error}).</translation>
    </message>
    <message>
        <source>{file} holds no finished cycle yet.</source>
        <translation>{file} enthält noch keinen abgeschlossenen Zyklus.</translation>
    </message>
    <message>
        <source>Two files are called {stem}; rename one of them.</source>
        <translation>Zwei Dateien heißen {stem}; benennen Sie eine davon um.</translation>
    </message>
    <message>
        <source>{name} and {first} are results of different images or labels.</source>
        <translation>{name} und {first} sind Ergebnisse mit verschiedenen Bildern oder Labels.</translation>
    </message>
    <message>
        <source>A simulation needs hidden labels. Create a project that has some.</source>
        <translation>Eine Simulation braucht verborgene Labels. Legen Sie ein Projekt an, das welche hat.</translation>
    </message>
    <message>
        <source>{folder} holds an interrupted simulation with other settings. Resume that one, or remove the folder.</source>
        <translation>{folder} enthält eine unterbrochene Simulation mit anderen Einstellungen. Setzen Sie diese fort, oder entfernen Sie den Ordner.</translation>
    </message>
    <message>
        <source>The simulation was stopped.</source>
        <translation>Die Simulation wurde angehalten.</translation>
    </message>
    <message>
        <source>{path} cannot be written ({error}). Free some space.</source>
        <translation>{path} kann nicht geschrieben werden ({error}). Schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>it has format {version}, this version knows {format}</source>
        <translation>es hat Format {version}, diese Version kennt {format}</translation>
    </message>
    <message>
        <source>its {name} &apos;{value}&apos; is unknown to this version</source>
        <translation>„{value}“ ({name}) ist dieser Version unbekannt</translation>
    </message>
    <message>
        <source>The checkpoint {path} was written by a newer version of Labeller ({error}). Update Labeller to use it.</source>
        <translation>Der Modellstand {path} wurde von einer neueren Version von Labeller geschrieben ({error}). Aktualisieren Sie Labeller, um ihn zu benutzen.</translation>
    </message>
    <message>
        <source>The checkpoint {path} is missing or damaged ({error}). Train again.</source>
        <translation>Der Modellstand {path} fehlt oder ist beschädigt ({error}). Trainieren Sie noch einmal.</translation>
    </message>
    <message>
        <source>This machine has no device &apos;{name}&apos;. Use &apos;auto&apos;.</source>
        <translation>Dieser Rechner hat kein Gerät „{name}“. Nehmen Sie „auto“.</translation>
    </message>
    <message>
        <source>{stage} was stopped.</source>
        <translation>Angehalten: {stage}.</translation>
    </message>
    <message>
        <source>The previous model used a self-supervised method that does not rank images. Choose &apos;random&apos; or &apos;all&apos; unlabelled images.</source>
        <translation>Das vorige Modell verwendete ein selbstüberwachtes Verfahren, das Bilder nicht ordnet. Wählen Sie „random“ oder „all“ für die ungelabelten Bilder.</translation>
    </message>
    <message>
        <source>The newest model was trained without &apos;{name}&apos;, which this strategy needs. Train again with the strategy, then select.</source>
        <translation>Das neueste Modell wurde ohne „{name}“ trainiert, das diese Strategie braucht. Trainieren Sie noch einmal mit der Strategie, und wählen Sie dann aus.</translation>
    </message>
    <message>
        <source>The self-supervised method &apos;{method}&apos; has no {option}.</source>
        <translation>Das selbstüberwachte Verfahren „{method}“ kennt „{option}“ nicht.</translation>
    </message>
    <message>
        <source>its self-supervised method &apos;{method}&apos; is unknown to this version</source>
        <translation>das selbstüberwachte Verfahren „{method}“ ist dieser Version unbekannt</translation>
    </message>
    <message>
        <source>its recipe has &apos;{unknown}&apos;, which this version does not know</source>
        <translation>sein Rezept hat „{unknown}“, das diese Version nicht kennt</translation>
    </message>
    <message>
        <source>{name} must be one of {known}, not &apos;{value}&apos;.</source>
        <translation>{name} muss eines von {known} sein, nicht „{value}“.</translation>
    </message>
    <message>
        <source>{name} must be larger than {above:g}.</source>
        <translation>{name} muss größer als {above:g} sein.</translation>
    </message>
    <message>
        <source>{name} must lie between {least:g} and {most:g}.</source>
        <translation>{name} muss zwischen {least:g} und {most:g} liegen.</translation>
    </message>
    <message>
        <source>{name} must be at least {least:g}.</source>
        <translation>{name} muss mindestens {least:g} sein.</translation>
    </message>
    <message>
        <source>A batch of {size} cannot be shared by {processes} processes. Choose a batch size that is a multiple of {processes}.</source>
        <translation>Ein Batch von {size} lässt sich nicht auf {processes} Prozesse aufteilen. Wählen Sie eine Batchgröße, die ein Vielfaches von {processes} ist.</translation>
    </message>
    <message>
        <source>{error}. Train without pretrained weights.</source>
        <translation>{error}. Trainieren Sie ohne vortrainierte Gewichte.</translation>
    </message>
    <message>
        <source>The encoder {error}. Choose another one.</source>
        <translation>Der Encoder passt nicht: {error}. Wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>Training diverged: the loss is not finite. Lower the learning rate.</source>
        <translation>Das Training ist divergiert: Der Verlust ist nicht endlich. Senken Sie die Lernrate.</translation>
    </message>
    <message>
        <source>The checkpoint {checkpoint} is missing. Train again.</source>
        <translation>Der Modellstand {checkpoint} fehlt. Trainieren Sie noch einmal.</translation>
    </message>
    <message>
        <source>The newest model has never seen the class &apos;{name}&apos;: it was trained before that class had labels. Train again.</source>
        <translation>Das neueste Modell hat die Klasse „{name}“ nie gesehen: Es wurde trainiert, bevor es Labels dieser Klasse gab. Trainieren Sie noch einmal.</translation>
    </message>
    <message>
        <source>Fitting the model to the present classes</source>
        <translation>Das Modell wird an die aktuellen Klassen angepasst</translation>
    </message>
    <message>
        <source>There is not enough memory to train, even with batches of {size}. Close other programs, or choose a smaller encoder.</source>
        <translation>Der Speicher reicht zum Trainieren nicht, auch nicht mit Batches von {size}. Schließen Sie andere Programme, oder wählen Sie einen kleineren Encoder.</translation>
    </message>
    <message>
        <source>There is no trained model yet, and &apos;{strategy}&apos; needs one. Train first, or choose the strategy &apos;random&apos;.</source>
        <translation>Noch gibt es kein trainiertes Modell, und „{strategy}“ braucht eines. Trainieren Sie erst, oder wählen Sie die Strategie „random“.</translation>
    </message>
    <message>
        <source>This project has no hidden labels for an oracle. Create one that has some.</source>
        <translation>Dieses Projekt hat keine verborgenen Labels für ein Orakel. Legen Sie eines an, das welche hat.</translation>
    </message>
    <message>
        <source>A model needs at least two classes. Add another class.</source>
        <translation>Ein Modell braucht mindestens zwei Klassen. Fügen Sie eine hinzu.</translation>
    </message>
    <message>
        <source>There are no labels yet. Label some images first.</source>
        <translation>Noch gibt es keine Labels. Labeln Sie erst einige Bilder.</translation>
    </message>
    <message>
        <source>All labels so far are of the same class. Label images of at least two classes first.</source>
        <translation>Bisher haben alle Labels dieselbe Klasse. Labeln Sie zuerst Bilder von mindestens zwei Klassen.</translation>
    </message>
    <message>
        <source>A batch needs at least one image.</source>
        <translation>Ein Stapel braucht mindestens ein Bild.</translation>
    </message>
    <message>
        <source>There are no images left to choose from: the pool is labelled.</source>
        <translation>Es gibt keine Bilder mehr zur Auswahl: Der Bestand ist gelabelt.</translation>
    </message>
    <message>
        <source>{count} images were asked for, but only {available} are left to choose from.</source>
        <translation>Verlangt sind {count} Bilder, aber nur {available} stehen noch zur Auswahl.</translation>
    </message>
    <message>
        <source>The demo is not complete; starting it again resumes it.</source>
        <translation>Die Demo ist nicht vollständig; ein neuer Start setzt sie fort.</translation>
    </message>
    <message>
        <source>The path {path} is not valid UTF-8. Rename its folders first.</source>
        <translation>Der Pfad {path} ist kein UTF-8-Text. Benennen Sie erst seine Ordner um.</translation>
    </message>
    <message>
        <source>{location} is neither a folder, a .zip nor a .csv file.</source>
        <translation>{location} ist weder ein Ordner noch eine .zip- oder .csv-Datei.</translation>
    </message>
    <message>
        <source>{location} does not exist. Check the path.</source>
        <translation>{location} gibt es nicht. Prüfen Sie den Pfad.</translation>
    </message>
    <message>
        <source>There are no images in {location}. Supported: {known}.</source>
        <translation>In {location} sind keine Bilder. Unterstützt werden: {known}.</translation>
    </message>
    <message>
        <source>No image in {location} is left to label: its column &apos;split&apos; holds them all out.</source>
        <translation>In {location} bleibt kein Bild zum Labeln: Die Spalte „split“ hält alle zurück.</translation>
    </message>
    <message>
        <source>Other kinds of files were ignored: {files}.</source>
        <translation>Dateien anderer Art wurden ignoriert: {files}.</translation>
    </message>
    <message>
        <source>System folders were ignored: {names}.</source>
        <translation>Systemordner wurden ignoriert: {names}.</translation>
    </message>
    <message>
        <source>Folders written by Labeller were ignored: {names}.</source>
        <translation>Ordner, die Labeller geschrieben hat, wurden ignoriert: {names}.</translation>
    </message>
    <message>
        <source>Links to folders already included were ignored: {names}.</source>
        <translation>Verknüpfungen mit schon enthaltenen Ordnern wurden ignoriert: {names}.</translation>
    </message>
    <message>
        <source>File names in the archive were read as {encoding}, which is a guess; you can choose another encoding.</source>
        <translation>Die Dateinamen im Archiv wurden als {encoding} gelesen, was eine Vermutung ist; Sie können eine andere Kodierung wählen.</translation>
    </message>
    <message>
        <source>{path}, line {number}: the path is too long.</source>
        <translation>{path}, Zeile {number}: Der Pfad ist zu lang.</translation>
    </message>
    <message>
        <source>label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>{path}, line {number}: {name} was given another {what} above.</source>
        <translation>{path}, Zeile {number}: {name} hat weiter oben etwas anderes bekommen ({what}).</translation>
    </message>
    <message>
        <source>These splits are unknown, so their images join the pool: {names}.</source>
        <translation>Diese Aufteilungen sind unbekannt, ihre Bilder kommen daher in den Bestand: {names}.</translation>
    </message>
    <message>
        <source>{path} contains a file name that no system allows: {name}.</source>
        <translation>{path} enthält einen Namen, den kein System erlaubt: {name}.</translation>
    </message>
    <message>
        <source>Cannot unpack {name}: {reason}.</source>
        <translation>{name} lässt sich nicht entpacken: {reason}.</translation>
    </message>
    <message>
        <source>The file names in {path} are not {encoding}. Choose another encoding.</source>
        <translation>Die Dateinamen in {path} sind nicht in {encoding}. Wählen Sie eine andere Kodierung.</translation>
    </message>
    <message>
        <source>{archive} contains {first} and {second}, which this disk treats as the same file. Unpack it on another disk, or rename one.</source>
        <translation>{archive} enthält {first} und {second}, die auf diesem Datenträger eine Datei wären. Entpacken Sie es woanders, oder benennen Sie eine um.</translation>
    </message>
    <message>
        <source>{path} would unpack {packed:,} bytes to {size:,}. Images do not compress that well: it is damaged, or made to fill the disk.</source>
        <translation>{path} würde {packed:,} Bytes zu {size:,} entpacken. So stark lassen sich Bilder nicht komprimieren: Es ist beschädigt oder soll den Datenträger füllen.</translation>
    </message>
    <message>
        <source>{path} needs {gigabytes:.1f} GB, and the disk has less. Free some space.</source>
        <translation>{path} braucht {gigabytes:.1f} GB, und der Datenträger hat weniger. Schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>{path} cannot be read as a zip archive: {error}.</source>
        <translation>{path} kann nicht als Zip-Archiv gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>{path} contains a file that would be written outside its folder: {name}.</source>
        <translation>{path} enthält eine Datei, die außerhalb des Ordners landen würde: {name}.</translation>
    </message>
    <message>
        <source>{path}, line {number}: the path is empty.</source>
        <translation>{path}, Zeile {number}: Der Pfad ist leer.</translation>
    </message>
    <message>
        <source>The import was cancelled; the same command resumes it.</source>
        <translation>Der Import wurde abgebrochen; derselbe Befehl setzt ihn fort.</translation>
    </message>
    <message>
        <source>{name} is not complete under {root}: {error}.</source>
        <translation>{name} ist unter {root} nicht vollständig: {error}.</translation>
    </message>
    <message>
        <source>{name} could not be downloaded: {error}. Without a network, give the folder where it is.</source>
        <translation>{name} konnte nicht heruntergeladen werden: {error}. Nennen Sie ohne Netz einen Ordner, in dem es liegt.</translation>
    </message>
    <message>
        <source>The import of {folder} was interrupted. Run the same `create` again to finish it.</source>
        <translation>Der Import von {folder} wurde unterbrochen. Dasselbe `create` noch einmal beendet ihn.</translation>
    </message>
    <message>
        <source>Labels are either given or hidden, not both.</source>
        <translation>Labels sind entweder gegeben oder verborgen, nicht beides.</translation>
    </message>
    <message>
        <source>The resolution must lie between {smallest} and {largest} pixels, not {resolution}.</source>
        <translation>Die Auflösung muss zwischen {smallest} und {largest} Pixeln liegen, nicht bei {resolution}.</translation>
    </message>
    <message>
        <source>The seed must not be negative.</source>
        <translation>Der Startwert darf nicht negativ sein.</translation>
    </message>
    <message>
        <source>data set</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>{folder} exists and is not empty. Choose another folder.</source>
        <translation>{folder} gibt es schon, und es ist nicht leer. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{folder} already holds a project. Open it, or choose another folder.</source>
        <translation>{folder} enthält schon ein Projekt. Öffnen Sie es, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{folder} holds an unfinished import. Open it, or choose another folder.</source>
        <translation>{folder} enthält einen unfertigen Import. Öffnen Sie ihn, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>None of the images can be read; {path}, for example: {reason}.</source>
        <translation>Keines der Bilder kann gelesen werden; {path}, zum Beispiel: {reason}.</translation>
    </message>
    <message>
        <source>The first of the grey values {low} and {high} must be the smaller one.</source>
        <translation>Von den Grauwerten {low} und {high} muss der erste kleiner sein.</translation>
    </message>
    <message>
        <source>&apos;{part}&apos; is not a channel. Write 3,2,1 to show these as red, green and blue, or 1=red:0:4095,2=cyan.</source>
        <translation>„{part}“ ist kein Kanal. Schreiben Sie 3,2,1, um diese in Rot, Grün und Blau zu zeigen, oder 1=red:0:4095,2=cyan.</translation>
    </message>
    <message>
        <source>The limit must lie between 1 and {most:,} million pixels.</source>
        <translation>Die Grenze muss zwischen 1 und {most:,} Millionen Pixeln liegen.</translation>
    </message>
    <message>
        <source>The images in {test} have no labels. Sort them into folders by class, or give a .csv with the columns path and label.</source>
        <translation>Die Bilder in {test} tragen keine Labels. Sortieren Sie sie in Ordner nach Klassen, oder geben Sie eine .csv mit den Spalten path und label an.</translation>
    </message>
    <message>
        <source>Splits were not used: only labelled images can be held out, and no labels were imported.</source>
        <translation>Die Aufteilung wurde nicht verwendet: Nur gelabelte Bilder lassen sich zurückhalten, und es wurden keine Labels importiert.</translation>
    </message>
    <message>
        <source>There is no &apos;{name}&apos; here. The classes found are {names}.</source>
        <translation>„{name}“ gibt es hier nicht. Gefunden wurden die Klassen {names}.</translation>
    </message>
    <message>
        <source>These names look the same and count as one class: {names}.</source>
        <translation>Diese Namen sehen gleich aus und zählen als eine Klasse: {names}.</translation>
    </message>
    <message>
        <source>“{name}” was treated as a class of {count} images. If they are still unsorted, say that it is not a class.</source>
        <translation>„{name}“ wurde als Klasse mit {count} Bildern behandelt. Sind sie noch unsortiert, geben Sie an, dass es keine Klasse ist.</translation>
    </message>
    <message>
        <source>The folders {names} are named like splits, but there are others beside them or one is missing; all were treated as classes.</source>
        <translation>Die Ordner {names} heißen wie Aufteilungen, aber es gibt andere daneben, oder einer fehlt; alle wurden als Klassen behandelt.</translation>
    </message>
    <message>
        <source>Folders were treated as splits, which is a guess: {count} images of “{name}” form the pool.</source>
        <translation>Ordner wurden als Aufteilung behandelt, was eine Vermutung ist: {count} Bilder aus „{name}“ bilden den Bestand.</translation>
    </message>
    <message>
        <source>{count} images of “{name}” are held out for testing.</source>
        <translation>{count} Bilder aus „{name}“ werden zum Testen zurückgehalten.</translation>
    </message>
    <message>
        <source>{count} images of “{name}” are held out for validation.</source>
        <translation>{count} Bilder aus „{name}“ werden zur Validierung zurückgehalten.</translation>
    </message>
    <message>
        <source>As the data set specifies, {test} images are held out for testing and {validation} for validation.</source>
        <translation>Wie der Datensatz vorgibt, werden {test} Bilder zum Testen und {validation} zur Validierung zurückgehalten.</translation>
    </message>
    <message>
        <source>{location} is not a .csv file; use &apos;folders&apos; for folders.</source>
        <translation>{location} ist keine .csv-Datei; für Ordner gibt es „folders“.</translation>
    </message>
    <message>
        <source>No labels were found: the column &apos;label&apos; of {location} is empty.</source>
        <translation>Es wurden keine Labels gefunden: Die Spalte „label“ von {location} ist leer.</translation>
    </message>
    <message>
        <source>No labels were found: there are no folders named by class in {location}.</source>
        <translation>Es wurden keine Labels gefunden: In {location} sind keine Ordner mit Namen von Klassen.</translation>
    </message>
    <message>
        <source>Unknown class &apos;{unknown}&apos;: the classes are {names}. Add it to the classes, or give none to use those found.</source>
        <translation>Unbekannte Klasse „{unknown}“: Die Klassen sind {names}. Fügen Sie sie hinzu, oder geben Sie keine an, um die gefundenen zu verwenden.</translation>
    </message>
    <message>
        <source>A class cannot be merged with itself. Choose another one.</source>
        <translation>Eine Klasse kann nicht mit sich selbst zusammengeführt werden. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>An archived class cannot be merged. Unarchive it first.</source>
        <translation>Eine archivierte Klasse kann nicht zusammengeführt werden. Holen Sie sie zuerst zurück.</translation>
    </message>
    <message>
        <source>The images in {root} are missing. If they were moved, `locate` them; if their disk is disconnected, connect it first.</source>
        <translation>Die Bilder in {root} fehlen. Wurden sie verschoben, hilft `locate`; ist ihr Datenträger nicht angeschlossen, schließen Sie ihn zuerst an.</translation>
    </message>
    <message>
        <source>The export failed ({place}{reason}).</source>
        <translation>Der Export ist gescheitert ({place}{reason}).</translation>
    </message>
    <message>
        <source>None of the images in {table} is in this project.</source>
        <translation>Keines der Bilder in {table} ist in diesem Projekt.</translation>
    </message>
    <message>
        <source>{count} images already have other labels than in {table} ({shown}). Nothing was imported: choose whether to keep or replace the existing labels.</source>
        <translation>{count} Bilder haben schon andere Labels als in {table} ({shown}). Es wurde nichts importiert: Wählen Sie, ob die vorhandenen Labels behalten oder ersetzt werden.</translation>
    </message>
    <message>
        <source>way to import</source>
        <translation>Art des Imports</translation>
    </message>
    <message>
        <source>way to handle conflicts</source>
        <translation>Umgang mit Widersprüchen</translation>
    </message>
    <message>
        <source>{place}: “{name}” is not a valid name of a person.</source>
        <translation>{place}: „{name}“ ist kein gültiger Name einer Person.</translation>
    </message>
    <message>
        <source>{place}: unknown class &apos;{label}&apos;. The classes are {names}.</source>
        <translation>{place}: unbekannte Klasse „{label}“. Die Klassen sind {names}.</translation>
    </message>
    <message>
        <source>{place}: {error}. Nothing was imported.</source>
        <translation>{place}: {error}. Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>{place}: {path} was given another label above.</source>
        <translation>{place}: {path} hat weiter oben ein anderes Label bekommen.</translation>
    </message>
    <message>
        <source>{place}: {path} was given another {what} above.</source>
        <translation>{place}: {path} hat weiter oben etwas anderes bekommen ({what}).</translation>
    </message>
    <message>
        <source>{place} contains some of its images and only names the others.</source>
        <translation>{place} enthält einige seiner Bilder und nennt die anderen nur.</translation>
    </message>
    <message>
        <source>{table} contains no labels.</source>
        <translation>{table} enthält keine Labels.</translation>
    </message>
    <message>
        <source>There is no trained model to export yet.</source>
        <translation>Es gibt noch kein trainiertes Modell, das exportiert werden könnte.</translation>
    </message>
    <message>
        <source>{path} contains triggers or views that Labeller did not create ({foreign}). It is not opened.</source>
        <translation>{path} enthält Trigger oder Views, die nicht von Labeller stammen ({foreign}). Es wird nicht geöffnet.</translation>
    </message>
    <message>
        <source>The image cache of {folder} is missing or damaged ({error}). `check --repair` rebuilds it.</source>
        <translation>Der Bildspeicher von {folder} fehlt oder ist beschädigt ({error}). `check --repair` legt ihn neu an.</translation>
    </message>
    <message>
        <source>{folder} is open in another Labeller. Close that one, or open this one read-only.</source>
        <translation>{folder} ist in einem anderen Labeller geöffnet. Schließen Sie ihn, oder öffnen Sie das Projekt hier nur zum Lesen.</translation>
    </message>
    <message>
        <source>{folder} cannot be written ({reason}). Check its permissions.</source>
        <translation>{folder} kann nicht beschrieben werden ({reason}). Prüfen Sie die Rechte.</translation>
    </message>
    <message>
        <source>{folder} does not exist. Check the path, or create it with `create`.</source>
        <translation>{folder} gibt es nicht. Prüfen Sie den Pfad, oder legen Sie es mit `create` an.</translation>
    </message>
    <message>
        <source>{database} is missing from {folder}. `restore` recovers a backup.</source>
        <translation>In {folder} fehlt {database}. `restore` stellt eine Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{folder} is not a Labeller project (it has no {database}).</source>
        <translation>{folder} ist kein Labeller-Projekt (es hat keine {database}).</translation>
    </message>
    <message>
        <source>{path} is a hard link to a file elsewhere, so two projects would write to it. Replace it with a copy, then open the project again.</source>
        <translation>{path} ist ein harter Link auf eine Datei anderswo, sodass zwei Projekte hineinschreiben würden. Ersetzen Sie ihn durch eine Kopie, und öffnen Sie das Projekt noch einmal.</translation>
    </message>
    <message>
        <source>not a file</source>
        <translation>keine Datei</translation>
    </message>
    <message>
        <source>not a folder</source>
        <translation>kein Ordner</translation>
    </message>
    <message>
        <source>a link</source>
        <translation>ein Link</translation>
    </message>
    <message>
        <source>{path} is {found}. A project writes only to its own files and folders: fix that, then open the project again.</source>
        <translation>{path} ist {found}. Ein Projekt schreibt nur in eigene Dateien und Ordner: Beheben Sie das, und öffnen Sie das Projekt noch einmal.</translation>
    </message>
    <message>
        <source>The database of {project} is damaged ({found}).</source>
        <translation>Die Datenbank von {project} ist beschädigt ({found}).</translation>
    </message>
    <message>
        <source>There is already a class &apos;{name}&apos;.</source>
        <translation>Eine Klasse „{name}“ gibt es schon.</translation>
    </message>
    <message>
        <source>The key {shortcut} belongs to &apos;{name}&apos;.</source>
        <translation>Die Taste {shortcut} gehört zu „{name}“.</translation>
    </message>
    <message>
        <source>A project needs at least two classes, and only &apos;{name}&apos; was given. Name another one, or none, and make classes while you label.</source>
        <translation>Ein Projekt braucht mindestens zwei Klassen, und nur „{name}“ wurde genannt. Nennen Sie noch eine, oder keine, und legen Sie Klassen beim Labeln an.</translation>
    </message>
    <message>
        <source>A class name is empty. Give names such as cat,dog.</source>
        <translation>Ein Klassenname ist leer. Nennen Sie Namen wie Katze,Hund.</translation>
    </message>
    <message>
        <source>A class name has {count} characters; at most {longest} are allowed.</source>
        <translation>Ein Klassenname hat {count} Zeichen; höchstens {longest} sind erlaubt.</translation>
    </message>
    <message>
        <source>The class name &apos;{name}&apos; contains an unprintable character.</source>
        <translation>Der Klassenname „{name}“ enthält ein nicht druckbares Zeichen.</translation>
    </message>
    <message>
        <source>“{name}” is not a valid name of a person: use one line of at most {longest} characters.</source>
        <translation>„{name}“ ist kein gültiger Name einer Person: Verwenden Sie eine Zeile mit höchstens {longest} Zeichen.</translation>
    </message>
    <message>
        <source>The class &apos;{name}&apos; is archived. Unarchive it first.</source>
        <translation>Die Klasse „{name}“ ist archiviert. Holen Sie sie zuerst zurück.</translation>
    </message>
    <message>
        <source>The class &apos;{twice}&apos; appears twice.</source>
        <translation>Die Klasse „{twice}“ kommt zweimal vor.</translation>
    </message>
    <message>
        <source>{parent} was moved or renamed while it was open. Nothing is lost: close the project and open it in its new place.</source>
        <translation>{parent} wurde verschoben oder umbenannt, während es offen war. Es ist nichts verloren: Schließen Sie das Projekt und öffnen Sie es am neuen Ort.</translation>
    </message>
    <message>
        <source>{file} was deleted or replaced while it was open. Everything so far was saved: close the project and run `restore` with --backup {name}.</source>
        <translation>{file} wurde gelöscht oder ersetzt, während es offen war. Alles bis jetzt wurde gesichert: Schließen Sie das Projekt und rufen Sie `restore` mit --backup {name} auf.</translation>
    </message>
    <message>
        <source>{path} is locked by another program. Close that program and try again.</source>
        <translation>{path} ist von einem anderen Programm gesperrt. Schließen Sie dieses und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{path} is damaged or not a Labeller project ({reason}). `restore` recovers a backup.</source>
        <translation>{path} ist beschädigt oder kein Labeller-Projekt ({reason}). `restore` stellt eine Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{path} cannot be written ({error}). Check the folder&apos;s permissions.</source>
        <translation>{path} kann nicht geschrieben werden ({error}). Prüfen Sie die Rechte des Ordners.</translation>
    </message>
    <message>
        <source>The disk is full; {path} is unchanged. Free some space.</source>
        <translation>Der Datenträger ist voll; {path} ist unverändert. Schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>The disk is full or unusable; {path} is unchanged ({error}). Free some space, or check the disk.</source>
        <translation>Der Datenträger ist voll oder nicht benutzbar; {path} ist unverändert ({error}). Schaffen Sie Platz, oder prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>{path} was opened by another thread. Open the project again in this one.</source>
        <translation>{path} wurde von einem anderen Thread geöffnet. Öffnen Sie das Projekt in diesem noch einmal.</translation>
    </message>
    <message>
        <source>{path} was closed. Open the project again.</source>
        <translation>{path} wurde geschlossen. Öffnen Sie das Projekt noch einmal.</translation>
    </message>
    <message>
        <source>{path}: {error}.</source>
        <translation>{path}: {error}.</translation>
    </message>
    <message>
        <source>{written} could be {count} images; give its full path</source>
        <translation>{written} könnte für {count} Bilder stehen; geben Sie den ganzen Pfad an</translation>
    </message>
    <message>
        <source>{written} is not an image of this project</source>
        <translation>{written} ist kein Bild dieses Projekts</translation>
    </message>
    <message>
        <source>Nothing was changed: {trouble}</source>
        <translation>Es wurde nichts geändert: {trouble}</translation>
    </message>
    <message>
        <source>{path} was changed while it was read. Try again.</source>
        <translation>{path} wurde geändert, während es gelesen wurde. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This project was made by a newer version of Labeller (schema {version}, this one knows {count}). Update Labeller to open it.</source>
        <translation>Dieses Projekt stammt von einer neueren Version von Labeller (Schema {version}, diese kennt {count}). Aktualisieren Sie Labeller, um es zu öffnen.</translation>
    </message>
    <message>
        <source>This file is not a Labeller project.</source>
        <translation>Diese Datei ist kein Labeller-Projekt.</translation>
    </message>
    <message>
        <source>The project&apos;s setting &apos;{key}&apos; is damaged. `restore` recovers a backup.</source>
        <translation>Die Einstellung „{key}“ des Projekts ist beschädigt. `restore` stellt eine Sicherung wieder her.</translation>
    </message>
    <message>
        <source>The guidelines have {count:,} characters, more than {most:,}.</source>
        <translation>Die Richtlinien haben {count:,} Zeichen, mehr als {most:,}.</translation>
    </message>
    <message>
        <source>There is no display to open a window on. {advice}</source>
        <translation>Es gibt keinen Bildschirm, auf dem sich ein Fenster öffnen ließe. {advice}</translation>
    </message>
    <message>
        <source>Qt cannot open a window ({reason}). {advice}</source>
        <translation>Qt kann kein Fenster öffnen ({reason}). {advice}</translation>
    </message>
    <message>
        <source>Groups need a pretrained encoder. Choose such a learner for the rounds.</source>
        <translation>Gruppen brauchen einen vortrainierten Encoder. Wählen Sie für die Runden ein solches Lernverfahren.</translation>
    </message>
    <message>
        <source>Too few images have been read yet. Try again in a moment.</source>
        <translation>Es sind noch zu wenige Bilder gelesen. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>There is no trained model yet. Label a batch and train first.</source>
        <translation>Es gibt noch kein trainiertes Modell. Labeln Sie zuerst einen Stapel und trainieren Sie.</translation>
    </message>
    <message>
        <source>Only the confidences of models on a pretrained encoder are calibrated. Choose such a learner for the rounds, train, then let it label the rest.</source>
        <translation>Nur die Konfidenzen von Modellen auf einem vortrainierten Encoder sind kalibriert. Wählen Sie für die Runden ein solches Lernverfahren, trainieren Sie, und lassen Sie es dann den Rest labeln.</translation>
    </message>
    <message>
        <source>Predicting the unlabelled images</source>
        <translation>Die Bilder ohne Label werden vorhergesagt</translation>
    </message>
    <message>
        <source>Label the rest</source>
        <translation>Den Rest labeln lassen</translation>
    </message>
    <message>
        <source>The model labels the images it is most confident about. Its labels are kept separate: they are exported as the model&apos;s with their confidence, never trained on, and any label by a person replaces them.</source>
        <translation>Das Modell labelt die Bilder, bei denen es am sichersten ist. Seine Labels bleiben getrennt: Sie werden als Labels des Modells mit ihrer Konfidenz exportiert, nie zum Training verwendet, und jedes Label eines Menschen ersetzt sie.</translation>
    </message>
    <message>
        <source> % correct</source>
        <translation> % richtig</translation>
    </message>
    <message>
        <source>Target precision of the model&apos;s labels</source>
        <translation>Zielgenauigkeit der Labels des Modells</translation>
    </message>
    <message>
        <source>Expected:</source>
        <translation>Erwartet:</translation>
    </message>
    <message>
        <source>&amp;Label them</source>
        <translation>&amp;Labeln lassen</translation>
    </message>
    <message>
        <source>The model is not confident enough about any image.</source>
        <translation>Das Modell ist sich bei keinem Bild sicher genug.</translation>
    </message>
    <message>
        <source>{count} of {total} unlabelled images: {share} expected to be correct, the least confident at {lowest}. {left} stay open.</source>
        <translation>{count} von {total} Bildern ohne Label: voraussichtlich {share} richtig, das unsicherste mit {lowest}. {left} bleiben offen.</translation>
    </message>
    <message>
        <source>An audit needs at least {fewest} unlabelled images, and only {count} are left.</source>
        <translation>Eine Modellprüfung braucht mindestens {fewest} Bilder ohne Label, und nur {count} sind übrig.</translation>
    </message>
    <message>
        <source>Comparing images needs a trained model. Label a batch and train first.</source>
        <translation>Der Vergleich von Bildern braucht ein trainiertes Modell. Labeln Sie zuerst einen Stapel und trainieren Sie.</translation>
    </message>
    <message>
        <source>How images are read</source>
        <translation>Wie Bilder gelesen werden</translation>
    </message>
    <message>
        <source>Images with more than 8 bits (from microscopes, X-ray detectors, scientific cameras) are shown and trained on in this range of values.</source>
        <translation>Bilder mit mehr als 8 Bit (von Mikroskopen, Röntgendetektoren, wissenschaftlichen Kameras) werden in diesem Wertebereich gezeigt und trainiert.</translation>
    </message>
    <message>
        <source>The range that &amp;each file uses</source>
        <translation>Der Bereich, den &amp;jede Datei nutzt</translation>
    </message>
    <message>
        <source>The &amp;same range for all:</source>
        <translation>&amp;Derselbe Bereich für alle:</translation>
    </message>
    <message>
        <source>Value shown as black</source>
        <translation>Wert, der schwarz gezeigt wird</translation>
    </message>
    <message>
        <source>…as white</source>
        <translation>… und weiß</translation>
    </message>
    <message>
        <source>black, to</source>
        <translation>schwarz, bis</translation>
    </message>
    <message>
        <source>white</source>
        <translation>weiß</translation>
    </message>
    <message>
        <source> million pixels</source>
        <translation> Millionen Pixel</translation>
    </message>
    <message>
        <source>&amp;Largest image:</source>
        <translation>&amp;Größtes Bild:</translation>
    </message>
    <message>
        <source>3,2,1 or 1=red:0:4095,2=cyan   (empty: as the files say)</source>
        <translation>3,2,1 oder 1=red:0:4095,2=cyan   (leer: wie die Dateien es angeben)</translation>
    </message>
    <message>
        <source>Which channels of TIFFs are shown: red, green and blue, or each with its colour</source>
        <translation>Welche Kanäle von TIFFs gezeigt werden: rot, grün und blau, oder jeder mit seiner Farbe</translation>
    </message>
    <message>
        <source>{path}, for example: {reason}.</source>
        <translation>{path}, zum Beispiel: {reason}.</translation>
    </message>
    <message>
        <source>&amp;Read again</source>
        <translation>&amp;Neu lesen</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) could not be read and will be tried again.</source>
        <translation>
            <numerusform>%n Bild konnte nicht gelesen werden und wird noch einmal versucht.</numerusform>
            <numerusform>%n Bilder konnten nicht gelesen werden und werden noch einmal versucht.</numerusform>
        </translation>
    </message>
    <message>
        <source>All images could be read.</source>
        <translation>Alle Bilder konnten gelesen werden.</translation>
    </message>
    <message>
        <source>Brightness {steps}</source>
        <translation>Helligkeit {steps}</translation>
    </message>
    <message>
        <source>Contrast {steps}</source>
        <translation>Kontrast {steps}</translation>
    </message>
    <message>
        <source>Cannot write {name}: {reason}.</source>
        <translation>{name} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>{gone} of {count} images are no longer where they were (for example in {parent}). Bring them back and try again, or leave them out.</source>
        <translation>{gone} von {count} Bildern sind nicht mehr, wo sie waren (zum Beispiel in {parent}). Bringen Sie sie zurück und versuchen Sie es noch einmal, oder lassen Sie sie weg.</translation>
    </message>
    <message>
        <source>Exact copies of other images: {count}. They are not offered for labelling, and a label applies only to its own image.</source>
        <translation>Exakte Kopien anderer Bilder: {count}. Sie werden nicht zum Labeln angeboten, und ein Label gilt nur für sein eigenes Bild.</translation>
    </message>
    <message>
        <source>Files with several pages or frames: {paged}. The first of each was taken, {left_out} more were left out.</source>
        <translation>Dateien mit mehreren Seiten oder Einzelbildern: {paged}. Jeweils das erste wurde genommen, {left_out} weitere wurden weggelassen.</translation>
    </message>
    <message>
        <source>Images with more than 8 bits: {count}. Their values are shown from {low:g} (black) to {high:g} (white).</source>
        <translation>Bilder mit mehr als 8 Bit: {count}. Ihre Werte werden von {low:g} (schwarz) bis {high:g} (weiß) gezeigt.</translation>
    </message>
    <message>
        <source>Images that use {bits} of 16 bits: {count}. They are shown in that range, which is a guess.</source>
        <translation>Bilder, die {bits} von 16 Bit nutzen: {count}. Sie werden in diesem Bereich gezeigt, was eine Vermutung ist.</translation>
    </message>
    <message>
        <source>Colour profiles that cannot be used: {count}. These images are shown without them.</source>
        <translation>Nicht verwendbare Farbprofile: {count}. Diese Bilder werden ohne sie gezeigt.</translation>
    </message>
    <message>
        <source>Unreadable files written less than a minute ago: {count}. Once they are complete, let the program read them again.</source>
        <translation>Unlesbare Dateien, die vor weniger als einer Minute geschrieben wurden: {count}. Lassen Sie sie noch einmal lesen, sobald sie vollständig sind.</translation>
    </message>
    <message>
        <source>Checking images</source>
        <translation>Bilder werden geprüft</translation>
    </message>
    <message>
        <source>Add them</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message numerus="yes">
        <source>%n new image(s) in {folder}</source>
        <translation>
            <numerusform>%n neues Bild in {folder}</numerusform>
            <numerusform>%n neue Bilder in {folder}</numerusform>
        </translation>
    </message>
    <message>
        <source>Images added: {count}.</source>
        <translation>Bilder hinzugefügt: {count}.</translation>
    </message>
    <message>
        <source>Images already in the project: {count}.</source>
        <translation>Bilder, die schon im Projekt sind: {count}.</translation>
    </message>
    <message>
        <source>Images found: {count}.</source>
        <translation>Bilder gefunden: {count}.</translation>
    </message>
    <message>
        <source>Images that are still missing: {count}.</source>
        <translation>Bilder, die noch fehlen: {count}.</translation>
    </message>
    <message>
        <source>The merge was undone. Images that changed: {count}.</source>
        <translation>Die Zusammenführung wurde rückgängig gemacht. Geänderte Bilder: {count}.</translation>
    </message>
    <message>
        <source>New classes: {names}.</source>
        <translation>Neue Klassen: {names}.</translation>
    </message>
    <message>
        <source>Classes archived: {names}.</source>
        <translation>Archivierte Klassen: {names}.</translation>
    </message>
    <message>
        <source>Classes renamed: {names}.</source>
        <translation>Umbenannte Klassen: {names}.</translation>
    </message>
    <message>
        <source>Labels of images that are not here: {count}.</source>
        <translation>Labels von Bildern, die hier nicht sind: {count}.</translation>
    </message>
    <message>
        <source>{path} needs images uint8 [N, height, width, 3] and as many labels.</source>
        <translation>{path} braucht images uint8 [N, Höhe, Breite, 3] und ebenso viele labels.</translation>
    </message>
    <message>
        <source>{place}: there is no class {label}.</source>
        <translation>{place}: Es gibt keine Klasse {label}.</translation>
    </message>
    <message>
        <source>{path}: two categories have the id {number}.</source>
        <translation>{path}: Zwei Kategorien haben die Nummer {number}.</translation>
    </message>
    <message>
        <source>{path}: image {image} has objects of several categories. Labeller labels whole images.</source>
        <translation>{path}: Bild {image} hat Objekte mehrerer Kategorien. Labeller labelt ganze Bilder.</translation>
    </message>
    <message>
        <source>{place}: another image has the same id.</source>
        <translation>{place}: Ein anderes Bild hat dieselbe Nummer.</translation>
    </message>
    <message>
        <source>“{name}” has quotation marks, line breaks or spaces that this format cannot hold. Choose another format, such as jsonl.</source>
        <translation>„{name}“ enthält Anführungszeichen, Zeilenumbrüche oder Leerzeichen, die dieses Format nicht darstellen kann. Wählen Sie ein anderes Format, etwa jsonl.</translation>
    </message>
    <message>
        <source>There is no {name} in {folder}.</source>
        <translation>In {folder} gibt es kein {name}.</translation>
    </message>
    <message>
        <source>{place}: there is no class index.</source>
        <translation>{place}: Der Klassenindex fehlt.</translation>
    </message>
    <message>
        <source>{place}: there are several labels.</source>
        <translation>{place}: Es gibt mehrere Labels.</translation>
    </message>
    <message>
        <source>{place} is not JSON.</source>
        <translation>{place} ist kein JSON.</translation>
    </message>
    <message>
        <source>{place}: there is no &apos;file_name&apos;.</source>
        <translation>{place}: „file_name“ fehlt.</translation>
    </message>
    <message>
        <source>{path} is not JSON.</source>
        <translation>{path} ist kein JSON.</translation>
    </message>
    <message>
        <source>{place}: there is no {what} &apos;{name}&apos;, as this format has it.</source>
        <translation>{place}: „{name}“ ({what}) fehlt, das dieses Format hat.</translation>
    </message>
    <message>
        <source>{place}: there is no object with a &apos;path&apos;.</source>
        <translation>{place}: Ein Objekt mit „path“ fehlt.</translation>
    </message>
    <message>
        <source>{place}: a value has the wrong type.</source>
        <translation>{place}: Ein Wert ist von falscher Art.</translation>
    </message>
    <message>
        <source>{place} is not JSON: {line}</source>
        <translation>{place} ist kein JSON: {line}</translation>
    </message>
    <message>
        <source>{path} is not a list of tasks.</source>
        <translation>{path} ist keine Liste von Aufgaben.</translation>
    </message>
    <message>
        <source>{place}: there is no &apos;data.image&apos;.</source>
        <translation>{place}: „data.image“ fehlt.</translation>
    </message>
    <message>
        <source>{place}: its answers are not a list.</source>
        <translation>{place}: Die Antworten sind keine Liste.</translation>
    </message>
    <message>
        <source>{place}: annotators disagree ({labels}). Resolve it there, or export a single annotator.</source>
        <translation>{place}: Die Annotierenden sind uneins ({labels}). Entscheiden Sie dort, oder exportieren Sie nur eine Person.</translation>
    </message>
    <message>
        <source>{place}: there are several choices.</source>
        <translation>{place}: Es gibt mehrere Antworten.</translation>
    </message>
    <message>
        <source>{place}: {address} is not an address.</source>
        <translation>{place}: {address} ist keine Adresse.</translation>
    </message>
    <message>
        <source>{path} needs the columns &apos;label&apos; and &apos;path&apos; or &apos;image&apos;; the columns found are {found}.</source>
        <translation>{path} braucht die Spalten „label“ und „path“ oder „image“; gefunden wurden {found}.</translation>
    </message>
    <message>
        <source>{place}: a text is not UTF-8.</source>
        <translation>{place}: Ein Text ist nicht in UTF-8.</translation>
    </message>
    <message>
        <source>This kind of model can be exported as safetensors only.</source>
        <translation>Ein Modell dieser Art lässt sich nur als safetensors exportieren.</translation>
    </message>
    <message>
        <source>No image is unchanged since it was labelled: their files are missing or different. `check` names them.</source>
        <translation>Kein Bild ist seit dem Labeln unverändert: Die Dateien fehlen oder sind andere. `check` nennt sie.</translation>
    </message>
    <message>
        <source>The fractions for train, validation and test must add up to 1, not {sum:g}.</source>
        <translation>Die Anteile von Training, Validierung und Test müssen 1 ergeben, nicht {sum:g}.</translation>
    </message>
    <message>
        <source>Comparing files</source>
        <translation>Dateien werden verglichen</translation>
    </message>
    <message>
        <source>None of the {count} missing images is in {place}.</source>
        <translation>Keines der {count} fehlenden Bilder ist in {place}.</translation>
    </message>
    <message>
        <source>Making copies</source>
        <translation>Kopien werden angelegt</translation>
    </message>
    <message>
        <source>Name at least two people, each once.</source>
        <translation>Nennen Sie mindestens zwei Personen, jede einmal.</translation>
    </message>
    <message>
        <source>The overlap must lie between 0 and 100 %, such as 10% or 0.1.</source>
        <translation>Die Überlappung muss zwischen 0 und 100 % liegen, etwa 10% oder 0.1.</translation>
    </message>
    <message>
        <source>The copies cannot be made ({reason}).</source>
        <translation>Die Kopien können nicht angelegt werden ({reason}).</translation>
    </message>
    <message>
        <source>A project cannot be merged with itself.</source>
        <translation>Ein Projekt lässt sich nicht mit sich selbst zusammenführen.</translation>
    </message>
    <message>
        <source>{other} has no image of this project.</source>
        <translation>{other} hat kein Bild dieses Projekts.</translation>
    </message>
    <message>
        <source>{folder} cannot be backed up before the merge ({reason}). Nothing was merged.</source>
        <translation>{folder} kann vor der Zusammenführung nicht gesichert werden ({reason}). Es wurde nichts zusammengeführt.</translation>
    </message>
    <message>
        <source>{other} would archive every class. Nothing was changed.</source>
        <translation>{other} würde jede Klasse archivieren. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>{path} is not a packed project.</source>
        <translation>{path} ist kein gepacktes Projekt.</translation>
    </message>
    <message>
        <source>There is no trained model yet. Train one first.</source>
        <translation>Es gibt noch kein trainiertes Modell. Trainieren Sie zuerst eines.</translation>
    </message>
    <message>
        <source>Images in an archive cannot be read here. Unpack it first.</source>
        <translation>Bilder in einem Archiv können hier nicht gelesen werden. Entpacken Sie es zuerst.</translation>
    </message>
    <message>
        <source>Type any part of it</source>
        <translation>Einen beliebigen Teil eintippen</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>The comparison was stopped.</source>
        <translation>Der Vergleich wurde angehalten.</translation>
    </message>
    <message>
        <source>{file} holds results with other settings. Choose another folder, or remove the file.</source>
        <translation>{file} enthält Ergebnisse mit anderen Einstellungen. Nehmen Sie einen anderen Ordner, oder entfernen Sie die Datei.</translation>
    </message>
    <message>
        <source>{file} holds results of the protocol {theirs}, not {ours}. Choose another folder.</source>
        <translation>{file} enthält Ergebnisse des Protokolls {theirs}, nicht {ours}. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{where} holds results of {what}. Choose another place for these.</source>
        <translation>{where} enthält Ergebnisse mit {what}. Wählen Sie für diese einen anderen Ort.</translation>
    </message>
    <message>
        <source>other images</source>
        <translation>anderen Bildern</translation>
    </message>
    <message>
        <source>The backend &apos;{backend}&apos; needs a package that is missing ({error}). Install &apos;labeller[research]&apos;.</source>
        <translation>Das Backend „{backend}“ braucht ein Paket, das fehlt ({error}). Installieren Sie „labeller[research]“.</translation>
    </message>
    <message>
        <source>A scale must be above 0 and at most 1.</source>
        <translation>Ein Maßstab muss größer als 0 und höchstens 1 sein.</translation>
    </message>
    <message>
        <source>The strategy &apos;{name}&apos; returned an invalid choice ({wrong}). Choose another one.</source>
        <translation>Die Strategie „{name}“ gab eine ungültige Auswahl zurück ({wrong}). Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The image cache is damaged at image {number}, whose file cannot be read. Restore the file, then run `check --repair`.</source>
        <translation>Der Bildspeicher ist bei Bild {number} beschädigt, dessen Datei nicht gelesen werden kann. Stellen Sie die Datei wieder her, und führen Sie dann `check --repair` aus.</translation>
    </message>
    <message>
        <source>{other} is damaged ({problem}). Nothing was merged.</source>
        <translation>{other} ist beschädigt ({problem}). Es wurde nichts zusammengeführt.</translation>
    </message>
    <message>
        <source>{other}: action {number} has an impossible time, “{at}”. Nothing was merged.</source>
        <translation>{other}: Aktion {number} hat eine unmögliche Zeit, „{at}“. Es wurde nichts zusammengeführt.</translation>
    </message>
    <message>
        <source>{other}: action {number} is by “{annotator}”, which is not a valid name. Nothing was merged.</source>
        <translation>{other}: Aktion {number} ist von „{annotator}“, was kein gültiger Name ist. Es wurde nichts zusammengeführt.</translation>
    </message>
    <message>
        <source>{other}: action {number} was not written by Labeller. Nothing was merged.</source>
        <translation>{other}: Aktion {number} wurde nicht von Labeller geschrieben. Es wurde nichts zusammengeführt.</translation>
    </message>
    <message>
        <source>{other} has a class “{name}”, which is not a valid name. {reason} Nothing was merged.</source>
        <translation>{other} hat eine Klasse „{name}“, was kein gültiger Name ist. {reason} Es wurde nichts zusammengeführt.</translation>
    </message>
    <message>
        <source>{other} has merged “{name}” in a circle with other classes. Nothing was merged.</source>
        <translation>{other} hat „{name}“ im Kreis mit anderen Klassen zusammengeführt. Es wurde nichts zusammengeführt.</translation>
    </message>
    <message>
        <source>The classes have changed since the model predicted. Run it again.</source>
        <translation>Die Klassen haben sich seit der Vorhersage geändert. Sagen Sie noch einmal voraus.</translation>
    </message>
    <message>
        <source>{folder} needs {needed:.1f} MB more for these images, and the disk has {free:.1f}. Free some space; nothing was added.</source>
        <translation>{folder} braucht für diese Bilder {needed:.1f} MB mehr, und der Datenträger hat {free:.1f}. Schaffen Sie Platz; nichts wurde hinzugefügt.</translation>
    </message>
    <message>
        <source>This needs the package {package}, which is missing. Install &apos;labeller[{extra}]&apos;.</source>
        <translation>Dafür fehlt das Paket {package}. Installieren Sie „labeller[{extra}]“.</translation>
    </message>
    <message>
        <source>Comparing fine-tuning with a linear head</source>
        <translation>Feintuning wird mit einem linearen Kopf verglichen</translation>
    </message>
    <message>
        <source>Training the last stages</source>
        <translation>Die letzten Stufen werden trainiert</translation>
    </message>
    <message>
        <source>other labels</source>
        <translation>anderen Labels</translation>
    </message>
    <message>
        <source>other held-out images</source>
        <translation>anderen Testbildern</translation>
    </message>
    <message>
        <source>other weights of the encoder</source>
        <translation>anderen Gewichten des Encoders</translation>
    </message>
    <message>
        <source>another number of threads</source>
        <translation>einer anderen Zahl von Threads</translation>
    </message>
    <message>
        <source>Looking up encoders</source>
        <translation>Encoder werden gesucht</translation>
    </message>
    <message>
        <source>Encoders have to wait until the current task has finished.</source>
        <translation>Encoder müssen warten, bis die laufende Aufgabe fertig ist.</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>&amp;Measure the speed here</source>
        <translation>&amp;Tempo hier messen</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Herunterladen</translation>
    </message>
    <message>
        <source>Weights from a &amp;file ...</source>
        <translation>Gewichte aus einer &amp;Datei ...</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>&amp;Use this encoder</source>
        <translation>Diesen Encoder &amp;verwenden</translation>
    </message>
    <message>
        <source>The encoder turns an image into features; what is learnt from your labels builds on them. A larger one may know more and reads your images more slowly, once. Nothing is downloaded unless you ask for it.</source>
        <translation>Der Encoder macht aus einem Bild Merkmale; was aus Ihren Labels gelernt wird, baut darauf auf. Ein größerer weiß vielleicht mehr und liest Ihre Bilder langsamer, aber nur einmal. Heruntergeladen wird nur, was Sie verlangen.</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>auf diesem Rechner</translation>
    </message>
    <message>
        <source>to download</source>
        <translation>herunterzuladen</translation>
    </message>
    <message>
        <source>{speed}/s, all in {minutes} min</source>
        <translation>{speed}/s, alle in {minutes} min</translation>
    </message>
    <message>
        <source>Measuring encoders</source>
        <translation>Encoder werden gemessen</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Wird heruntergeladen</translation>
    </message>
    <message>
        <source>Weights of this encoder</source>
        <translation>Gewichte dieses Encoders</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Loading the encoder</source>
        <translation>Der Encoder wird geladen</translation>
    </message>
    <message>
        <source>It is ready. Use it from the next round on.</source>
        <translation>Er ist bereit und kann ab der nächsten Runde verwendet werden.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Speed here</source>
        <translation>Tempo hier</translation>
    </message>
    <message>
        <source>Encoders</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>Part of the file&apos;s name</source>
        <translation>Teil des Dateinamens</translation>
    </message>
    <message>
        <source>Part of the folder&apos;s path</source>
        <translation>Teil des Ordnerpfads</translation>
    </message>
    <message>
        <source>no suggestion</source>
        <translation>ohne Vorschlag</translation>
    </message>
    <message>
        <source>in no batch</source>
        <translation>in keinem Stapel</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Vorschlag</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Suggested class</source>
        <translation>Vorgeschlagene Klasse</translation>
    </message>
    <message>
        <source>Source of the label</source>
        <translation>Herkunft des Labels</translation>
    </message>
    <message>
        <source>Day of the label</source>
        <translation>Tag des Labels</translation>
    </message>
    <message>
        <source>Round of the label</source>
        <translation>Runde des Labels</translation>
    </message>
    <message>
        <source>Confidence of the model, from 0 to 1</source>
        <translation>Konfidenz des Modells, von 0 bis 1</translation>
    </message>
    <message>
        <source>Part of the note</source>
        <translation>Teil der Notiz</translation>
    </message>
    <message>
        <source>Width in pixels</source>
        <translation>Breite in Pixeln</translation>
    </message>
    <message>
        <source>Height in pixels</source>
        <translation>Höhe in Pixeln</translation>
    </message>
    <message>
        <source>Size of the file, such as 300kB</source>
        <translation>Größe der Datei, etwa 300kB</translation>
    </message>
    <message>
        <source>Part of the data set</source>
        <translation>Teil des Datensatzes</translation>
    </message>
    <message>
        <source>a value is missing.</source>
        <translation>es fehlt ein Wert.</translation>
    </message>
    <message>
        <source>a quotation mark is missing.</source>
        <translation>ein Anführungszeichen fehlt.</translation>
    </message>
    <message>
        <source>{text} is not text in UTF-8.</source>
        <translation>{text} ist kein Text in UTF-8.</translation>
    </message>
    <message>
        <source>Filters may have at most {most} characters.</source>
        <translation>Filter dürfen höchstens {most} Zeichen haben.</translation>
    </message>
    <message>
        <source>{term}: {trouble}</source>
        <translation>{term}: {trouble}</translation>
    </message>
    <message>
        <source>There may be at most {terms} filters of {values} values each.</source>
        <translation>Es sind höchstens {terms} Filter mit je {values} Werten möglich.</translation>
    </message>
    <message>
        <source>There is no filter &apos;{name}&apos;. The filters are {known}.</source>
        <translation>Es gibt keinen Filter „{name}“. Die Filter sind {known}.</translation>
    </message>
    <message>
        <source>{name}: there is no &apos;{value}&apos;, and there are no other values yet.</source>
        <translation>{name}: „{value}“ gibt es nicht, und andere Werte gibt es noch keine.</translation>
    </message>
    <message>
        <source>{name}: there is no &apos;{value}&apos;. Choose one of {known}.</source>
        <translation>{name}: „{value}“ gibt es nicht. Wählen Sie eines von {known}.</translation>
    </message>
    <message>
        <source>Folders are hidden in this project: their names are hidden labels.</source>
        <translation>Ordner sind in diesem Projekt verborgen: Ihre Namen sind verborgene Labels.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; takes a colon, as in {name}:…</source>
        <translation>„{name}“ verlangt einen Doppelpunkt, wie in {name}:…</translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is not a day such as 2026-11-30.</source>
        <translation>„{value}“ ist kein Tag wie 2026-11-30.</translation>
    </message>
    <message>
        <source>{name}: &apos;{value}&apos; is not a number with a unit such as 200kB or 2MB.</source>
        <translation>{name}: „{value}“ ist keine Zahl mit einer Einheit wie 200kB oder 2MB.</translation>
    </message>
    <message>
        <source>{name}: &apos;{value}&apos; is not a number.</source>
        <translation>{name}: „{value}“ ist keine Zahl.</translation>
    </message>
    <message>
        <source>No goal</source>
        <translation>Kein Ziel</translation>
    </message>
    <message>
        <source>Save as HTML ...</source>
        <translation>Als HTML speichern ...</translation>
    </message>
    <message>
        <source>Labels needed per class</source>
        <translation>Benötigte Labels je Klasse</translation>
    </message>
    <message>
        <source>Save as HTML</source>
        <translation>Als HTML speichern</translation>
    </message>
    <message>
        <source>on held-out images</source>
        <translation>an zurückgehaltenen Bildern</translation>
    </message>
    <message>
        <source>by an audit</source>
        <translation>durch eine Modellprüfung</translation>
    </message>
    <message>
        <source>by cross-validation</source>
        <translation>durch Kreuzvalidierung</translation>
    </message>
    <message>
        <source>by answered suggestions</source>
        <translation>durch beantwortete Vorschläge</translation>
    </message>
    <message>
        <source>Put aside</source>
        <translation>Zurückgestellt</translation>
    </message>
    <message>
        <source>Median seconds per image</source>
        <translation>Sekunden je Bild (Median)</translation>
    </message>
    <message>
        <source>Still needed</source>
        <translation>Noch nötig</translation>
    </message>
    <message>
        <source>Labels per day</source>
        <translation>Labels je Tag</translation>
    </message>
    <message>
        <source>Labels by hour</source>
        <translation>Labels nach Stunde</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>By the model</source>
        <translation>Vom Modell</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>90 % interval</source>
        <translation>90-%-Intervall</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Accuracy of the model</source>
        <translation>Genauigkeit des Modells</translation>
    </message>
    <message>
        <source>Guidelines</source>
        <translation>Richtlinien</translation>
    </message>
    <message>
        <source>Guidelines as Markdown</source>
        <translation>Richtlinien als Markdown</translation>
    </message>
    <message>
        <source>Markdown: # Heading, **bold**, - list, pictures by the button</source>
        <translation>Markdown: # Überschrift, **fett**, - Liste, Bilder mit dem Knopf</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>Insert a &amp;picture ...</source>
        <translation>B&amp;ild einfügen ...</translation>
    </message>
    <message>
        <source>Discard changes</source>
        <translation>Änderungen verwerfen</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Insert a picture</source>
        <translation>Bild einfügen</translation>
    </message>
    <message>
        <source>There are no guidelines yet. Edit writes some; {example} makes a labelled image an example of its class, {wrong} of what a class is not; {classes} describes classes.</source>
        <translation>Es gibt noch keine Richtlinien. Mit Bearbeiten schreiben Sie welche; {example} macht ein gelabeltes Bild zum Beispiel seiner Klasse, {wrong} zum Gegenbeispiel einer Klasse; {classes} beschreibt Klassen.</translation>
    </message>
    <message>
        <source>Like this:</source>
        <translation>So:</translation>
    </message>
    <message>
        <source>Not this:</source>
        <translation>So nicht:</translation>
    </message>
    <message>
        <source>{file} cannot be used as a picture ({reason}).</source>
        <translation>{file} kann nicht als Bild verwendet werden ({reason}).</translation>
    </message>
    <message>
        <source>The set &apos;{name}&apos;: {error}</source>
        <translation>Der Datensatz „{name}“: {error}</translation>
    </message>
    <message>
        <source>{where} is the protocol {theirs}, not {ours}. Choose another folder.</source>
        <translation>{where} ist das Protokoll {theirs}, nicht {ours}. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>There are {of} parts; {number} is not one of them.</source>
        <translation>Es gibt {of} Teile; {number} ist keiner davon.</translation>
    </message>
    <message>
        <source>{folder} was made of {images}. Remove it, or keep the projects elsewhere.</source>
        <translation>{folder} wurde aus {images} gemacht. Entfernen Sie ihn, oder legen Sie die Projekte anderswo ab.</translation>
    </message>
    <message>
        <source>{folder} has no results of a protocol.</source>
        <translation>{folder} enthält keine Ergebnisse eines Protokolls.</translation>
    </message>
    <message>
        <source>No simulation has finished a cycle.</source>
        <translation>Noch hat keine Simulation einen Zyklus beendet.</translation>
    </message>
    <message>
        <source>{file} is not a valid protocol: {why}.</source>
        <translation>{file} ist kein gültiges Protokoll: {why}.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is missing</source>
        <translation>„{name}“ fehlt</translation>
    </message>
    <message>
        <source>threads must be from 1 to {most}</source>
        <translation>threads muss von 1 bis {most} sein</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; in {where} must be {kind}</source>
        <translation>„{key}“ in {where} muss {kind} sein</translation>
    </message>
    <message>
        <source>there is no {kind} &apos;{name}&apos;{place}; {meant}</source>
        <translation>es gibt kein „{name}“ ({kind}){place}; {meant}</translation>
    </message>
    <message>
        <source>the {kind} &apos;{name}&apos; becomes a file name: use up to 60 letters, digits, spaces and +-=.(), and begin with a letter or digit</source>
        <translation>„{name}“ ({kind}) wird ein Dateiname: bis zu 60 Buchstaben, Ziffern, Leerzeichen und +-=.(), am Anfang ein Buchstabe oder eine Ziffer</translation>
    </message>
    <message>
        <source>two folders or files would be called &apos;{name}&apos;</source>
        <translation>zwei Ordner oder Dateien hießen „{name}“</translation>
    </message>
    <message>
        <source>&apos;seeds&apos; must be a number, or a list of whole numbers from 0 on</source>
        <translation>„seeds“ muss eine Zahl oder eine Liste ganzer Zahlen ab 0 sein</translation>
    </message>
    <message>
        <source>&apos;reach&apos; must be a list of accuracies between 0 and 100</source>
        <translation>„reach“ muss eine Liste von Genauigkeiten zwischen 0 und 100 sein</translation>
    </message>
    <message>
        <source>[axes] needs different values for &apos;{key}&apos;</source>
        <translation>[axes] braucht verschiedene Werte für „{key}“</translation>
    </message>
    <message>
        <source>[sets.{name}] needs one of {places}</source>
        <translation>[sets.{name}] braucht eines von {places}</translation>
    </message>
    <message>
        <source>[sets.{name}] has an empty value</source>
        <translation>[sets.{name}] hat einen leeren Wert</translation>
    </message>
    <message>
        <source>[sets.{name}] brings its own test images and labels</source>
        <translation>[sets.{name}] bringt eigene Testbilder und Labels mit</translation>
    </message>
    <message>
        <source>&apos;truth&apos; of [sets.{name}] must be folders or csv</source>
        <translation>„truth“ von [sets.{name}] muss folders oder csv sein</translation>
    </message>
    <message>
        <source>&apos;learners&apos; is empty</source>
        <translation>„learners“ ist leer</translation>
    </message>
    <message>
        <source>&apos;set&apos; takes texts and numbers that `labeller recipes` lists</source>
        <translation>„set“ nimmt Texte und Zahlen, die `labeller recipes` nennt</translation>
    </message>
    <message>
        <source>&apos;imbalance&apos; is two numbers such as [5, 500]</source>
        <translation>„imbalance“ sind zwei Zahlen wie [5, 500]</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be a finite number</source>
        <translation>„{key}“ muss eine endliche Zahl sein</translation>
    </message>
    <message>
        <source>{where} must be a table</source>
        <translation>{where} muss eine Tabelle sein</translation>
    </message>
    <message>
        <source>[plan] needs &apos;{key}&apos;</source>
        <translation>[plan] braucht „{key}“</translation>
    </message>
    <message>
        <source>give &apos;strategies&apos; or [methods]</source>
        <translation>geben Sie „strategies“ oder [methods] an</translation>
    </message>
    <message>
        <source>A table must be a {formats} file, not {name}.</source>
        <translation>Eine Tabelle muss eine Datei der Art {formats} sein, nicht {name}.</translation>
    </message>
    <message>
        <source>tracker</source>
        <translation>Tracker</translation>
    </message>
    <message>
        <source>The tracker &apos;{where}&apos; could not begin a run: {error}.</source>
        <translation>Der Tracker „{where}“ konnte keinen Lauf beginnen: {error}.</translation>
    </message>
</context>
</TS>
