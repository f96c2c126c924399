// The office's own data: its types, a type as table or board, one record, and the designer. Each is a chunk.
import { lazy, Suspense } from "react";
import { Route, Routes, useParams } from "react-router";
import { Arriving } from "../entry/Arriving";
import { RecordsPage } from "./RecordsPage";

const TypePage = lazy(async () => ({ default: (await import("./TypePage")).TypePage }));
const CardPage = lazy(async () => ({ default: (await import("./card/CardPage")).CardPage }));
const DesignerPage = lazy(async () => ({ default: (await import("./designer/DesignerPage")).DesignerPage }));

export function RecordsRoom() {
  return (
    <Suspense fallback={<Arriving />}>
      <Routes>
        <Route index element={<RecordsPage />} />
        <Route path=":type" element={<OfType screen={TypePage} />} />
        <Route path=":type/settings" element={<OfType screen={DesignerPage} />} />
        <Route path=":type/:id" element={<OfType screen={CardPage} />} />
      </Routes>
    </Suspense>
  );
}

/** Another type or record is another screen: nothing of the old one stays. */
function OfType({ screen: Screen }: { screen: React.ComponentType<{ typeKey: string; id: string }> }) {
  const { type = "", id = "" } = useParams();
  return <Screen key={`${type}/${id}`} typeKey={type} id={id} />;
}
