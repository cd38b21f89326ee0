"""Preguntas con respuesta sabida y oraciones de muestra. Solo hechos que nadie discute."""

from __future__ import annotations

from .words import table

__all__ = ["FACTS", "ONE_WORD", "RECORDS", "SENTENCES", "STARTS", "YES_NO"]

YES_NO = table("""
¿Los peces viven en el agua? | Sí
¿El hielo es caliente? | No
¿Un triángulo tiene tres lados? | Sí
¿Las vacas ponen huevos? | No
¿El sol es una estrella? | Sí
¿Los gatos tienen alas? | No
¿Un año tiene doce meses? | Sí
¿El fuego moja? | No
¿La miel la hacen las abejas? | Sí
¿Una semana tiene diez días? | No
¿Las plantas necesitan luz? | Sí
¿El tomate maduro es azul? | No
¿El limón es ácido? | Sí
¿Los pingüinos vuelan? | No
¿Una hora tiene sesenta minutos? | Sí
¿La Luna es más grande que la Tierra? | No
¿Los murciélagos son mamíferos? | Sí
¿La noche es más clara que el día? | No
¿El pan se hace con harina? | Sí
¿Una hormiga pesa más que un caballo? | No
¿Los leones comen carne? | Sí
¿El mar es de agua dulce? | No
¿Las arañas tienen ocho patas? | Sí
¿Un cuadrado es redondo? | No
¿El oro es un metal? | Sí
¿Las serpientes tienen patas? | No
¿Los pájaros tienen plumas? | Sí
¿El invierno es la estación más calurosa? | No
¿La ballena es un mamífero? | Sí
¿Diez es menor que siete? | No
¿El queso se hace con leche? | Sí
¿Los autos respiran? | No
¿Un minuto tiene sesenta segundos? | Sí
¿Los caracoles son muy rápidos? | No
¿El vidrio se puede romper? | Sí
¿Las piedras crecen como las plantas? | No
¿La nieve es fría? | Sí
¿El elefante es un animal pequeño? | No
¿Febrero es el mes más corto? | Sí
¿Con los ojos se escucha? | No
¿El corazón bombea la sangre? | Sí
¿Una bicicleta tiene cuatro ruedas? | No
""")

ONE_WORD = table("""
¿De qué color es el carbón? | Negro
¿Qué animal ladra? | Perro
¿Qué líquido beben los bebés? | Leche
¿Con qué parte del cuerpo olemos? | Nariz
¿Qué planeta habitamos? | Tierra
¿Qué mes sigue a enero? | Febrero
¿Qué gas respiramos para vivir? | Oxígeno
¿Qué animal produce lana? | Oveja
¿Qué fruta da el manzano? | Manzana
¿Qué estación viene después del verano? | Otoño
¿De qué color es el plátano maduro? | Amarillo
¿Qué día viene antes del domingo? | Sábado
¿Qué insecto fabrica miel? | Abeja
¿Cuál es el animal terrestre más grande? | Elefante
¿Qué lengua hablaban los antiguos romanos? | Latín
¿Qué forma tiene una pelota de fútbol? | Esférica
¿Qué construye un pájaro para poner sus huevos? | Nido
¿Qué cae del cielo cuando llueve? | Agua
¿Con qué se sazona la comida para que quede salada? | Sal
¿Qué astro vemos de noche y cambia de fase? | Luna
¿Con qué órganos respiramos las personas? | Pulmones
¿Cómo se llama la casa de las abejas? | Colmena
¿En qué océano está Hawái? | Pacífico
¿Qué animal salta y lleva a su cría en una bolsa? | Canguro
¿Cuál es el metal líquido de los termómetros antiguos? | Mercurio
¿De qué árbol se recogen las aceitunas? | Olivo
¿Qué órgano bombea la sangre? | Corazón
¿Qué ave no vuela y vive en el hielo? | Pingüino
¿Con qué se hace el vino? | Uvas
¿Qué color resulta de mezclar azul y amarillo? | Verde
¿Qué sentido usamos para escuchar música? | Oído
¿Qué parte de la planta está bajo tierra? | Raíz
¿Cuál es el río más caudaloso del mundo? | Amazonas
¿En qué se convierte el agua cuando se congela? | Hielo
¿Qué animal es famoso por su melena? | León
¿Qué alimento se hace con harina, agua y levadura? | Pan
¿Qué número viene después del nueve? | Diez
¿Qué estación es la más fría? | Invierno
¿Cómo se llama la cría de la vaca? | Ternero
¿En qué mes termina el año? | Diciembre
""")

FACTS = table("""
¿Cuántos días tiene febrero en un año normal? | En un año normal, febrero tiene veintiocho días.
¿Cuántas patas tiene un insecto? | Un insecto tiene seis patas.
¿De qué está hecho el papel? | El papel se hace con fibras de madera.
¿Dónde viven los camellos? | Los camellos viven en zonas desérticas.
¿Qué comen los koalas? | Los koalas comen hojas de eucalipto.
¿A qué temperatura hierve el agua al nivel del mar? | El agua hierve a cien grados Celsius.
¿Cuántos colores tiene el semáforo? | El semáforo tiene tres colores: rojo, amarillo y verde.
¿Quién escribió Don Quijote de la Mancha? | Don Quijote de la Mancha lo escribió Miguel de Cervantes.
¿Cuántos jugadores tiene un equipo de fútbol en la cancha? | Un equipo de fútbol tiene once jugadores en la cancha.
¿Qué hace una mariposa antes de tener alas? | Antes de tener alas, la mariposa es una oruga y forma un capullo.
¿Cuántos lados tiene un hexágono? | Un hexágono tiene seis lados.
¿De dónde viene el chocolate? | El chocolate viene de las semillas del cacao.
¿Cuántos segundos hay en un minuto? | En un minuto hay sesenta segundos.
¿Cuál es el planeta más cercano al Sol? | El planeta más cercano al Sol es Mercurio.
¿Cuál es el planeta más grande del sistema solar? | El planeta más grande del sistema solar es Júpiter.
¿Cuántos meses tienen treinta y un días? | Siete meses tienen treinta y un días.
¿Qué instrumento mide la temperatura? | La temperatura se mide con un termómetro.
¿Cómo respiran los peces? | Los peces respiran por branquias.
¿De qué se alimentan las abejas? | Las abejas se alimentan de néctar y polen.
¿Cuál es el animal terrestre más rápido? | El animal terrestre más rápido es el guepardo.
¿Cuántos dedos tenemos en las dos manos? | En las dos manos tenemos diez dedos.
¿Qué es lo contrario del norte? | Lo contrario del norte es el sur.
¿Por dónde sale el sol? | El sol sale por el este.
¿Cuántos años hay en un siglo? | En un siglo hay cien años.
¿Con qué se fabrica el vidrio? | El vidrio se fabrica con arena fundida.
¿Cuántas cuerdas tiene una guitarra común? | Una guitarra común tiene seis cuerdas.
¿Cuál es el océano más grande? | El océano más grande es el Pacífico.
¿Cuántas horas tiene un día? | Un día tiene veinticuatro horas.
¿Qué animal carga su casa en la espalda? | El caracol carga su casa en la espalda.
¿De qué lengua viene el español? | El español viene del latín.
¿Cuántos gramos hay en un kilo? | En un kilo hay mil gramos.
¿Qué come un panda? | El panda come sobre todo bambú.
¿Cuál es la montaña más alta del mundo? | La montaña más alta del mundo es el Everest.
¿Cuántas piezas tiene cada jugador de ajedrez al empezar? | Cada jugador de ajedrez empieza con dieciséis piezas.
""")

# palabra | oración que la usa
SENTENCES = table("""
lluvia | La lluvia golpeaba las ventanas del colegio.
puente | Un puente de piedra une los dos pueblos.
mercado | En el mercado venden frutas frescas.
espejo | El espejo del pasillo está empañado.
tortuga | La tortuga cruzó el camino sin apuro.
guitarra | Mi hermano afina su guitarra antes de tocar.
cocina | La cocina huele a pan tostado.
sombra | Descansamos a la sombra de un sauce.
maleta | Olvidé mi maleta en la estación.
invierno | En invierno encendemos la chimenea.
pelota | La pelota rodó hasta la calle.
doctor | El doctor revisó mi garganta.
secreto | Te contaré un secreto si prometes callar.
pintura | Esa pintura tiene colores muy vivos.
montaña | La montaña amaneció cubierta de nieve.
zapato | Se me desató un zapato en plena carrera.
estrella | Vimos una estrella fugaz sobre el mar.
hormiga | Una hormiga carga una miga enorme.
silencio | Había un silencio total en la sala.
ventana | Desde mi ventana se ve el parque.
periódico | Mi padre lee el periódico en el desayuno.
bosque | El bosque está lleno de setas.
carta | Recibí una carta de mi prima.
receta | Esta receta lleva mucho ajo.
isla | La isla solo se alcanza en bote.
reloj | El reloj de la torre dio las doce.
vecino | Mi vecino cuida mis plantas cuando viajo.
campana | La campana anunció el fin del recreo.
azúcar | Tomo el té sin azúcar.
sueño | Anoche tuve un sueño muy extraño.
camino | El camino de tierra lleva a la granja.
concierto | El concierto terminó con un gran aplauso.
bufanda | Mi abuela me tejió una bufanda roja.
playa | Pasamos la tarde en la playa.
""")

# comienzo | oración que empieza así
STARTS = table("""
Ayer | Ayer plantamos un naranjo en el patio.
Mi abuela | Mi abuela prepara la mejor mermelada del barrio.
Cuando llueve | Cuando llueve me quedo leyendo en casa.
De pronto | De pronto se apagaron todas las luces.
En la playa | En la playa encontramos una botella antigua.
Nunca | Nunca había probado una sopa tan rica.
Todos los días | Todos los días saludo al cartero.
El verano | El verano es mi estación favorita.
Si pudiera | Si pudiera volar, visitaría las nubes.
Mañana | Mañana devolveré los libros a la biblioteca.
Detrás de la puerta | Detrás de la puerta había un gato dormido.
Mis amigos | Mis amigos organizan una carrera de bicicletas.
Por la noche | Por la noche se oyen los grillos.
Aunque | Aunque hacía frío, salimos a caminar.
Un día | Un día llegó al pueblo un circo enorme.
Gracias a | Gracias a tus consejos terminé el trabajo.
Sin querer | Sin querer rompí el florero azul.
Durante el viaje | Durante el viaje cantamos canciones antiguas.
La verdad | La verdad es que prefiero quedarme aquí.
Para mí | Para mí, el mejor postre es el flan.
Hace mucho tiempo | Hace mucho tiempo este valle era un lago.
Los domingos | Los domingos almorzamos con mis tíos.
Antes de dormir | Antes de dormir apago el teléfono.
Ojalá | Ojalá mañana salga el sol.
""")

# texto | clave=valor | clave=valor
RECORDS = table("""
Ana tiene 12 años. | persona=Ana | años=12
Bruno tiene 31 años. | persona=Bruno | años=31
Celia cumplió 47 años. | persona=Celia | años=47
Darío tiene 8 años. | persona=Darío | años=8
La señora Elsa tiene 90 años. | persona=Elsa | años=90
Fabián cumple hoy 25 años. | persona=Fabián | años=25
Gloria acaba de cumplir 60 años. | persona=Gloria | años=60
El pequeño Hernán tiene 3 años. | persona=Hernán | años=3
La harina cuesta 3 pesos. | artículo=harina | costo=3
La leche cuesta 5 pesos. | artículo=leche | costo=5
Pagué 14 pesos por el queso. | artículo=queso | costo=14
El arroz está a 7 pesos. | artículo=arroz | costo=7
Un paraguas vale 40 pesos. | artículo=paraguas | costo=40
Por la mochila piden 85 pesos. | artículo=mochila | costo=85
El cuaderno vale 9 pesos. | artículo=cuaderno | costo=9
La lámpara costó 63 pesos. | artículo=lámpara | costo=63
La vaca es negra. | animal=vaca | color=negra
El loro es verde. | animal=loro | color=verde
Vi un caballo blanco. | animal=caballo | color=blanco
En el techo hay un gato gris. | animal=gato | color=gris
Mi perro es marrón. | animal=perro | color=marrón
Un pez naranja nada en la pecera. | animal=pez | color=naranja
La gallina roja puso un huevo. | animal=gallina | color=roja
Una araña amarilla tejió su tela. | animal=araña | color=amarilla
Hay 6 sillas en la sala. | objeto=sillas | cantidad=6
Compramos 24 platos. | objeto=platos | cantidad=24
Sobre la mesa quedaron 4 vasos. | objeto=vasos | cantidad=4
En la caja caben 100 clavos. | objeto=clavos | cantidad=100
Perdí 2 guantes. | objeto=guantes | cantidad=2
El taller vendió 15 bicicletas. | objeto=bicicletas | cantidad=15
La película «Niebla» dura 95 minutos. | título=Niebla | minutos=95
La película «El faro» dura 110 minutos. | título=El faro | minutos=110
La obra «Dos hermanas» dura 70 minutos. | título=Dos hermanas | minutos=70
El documental «Ríos» dura 52 minutos. | título=Ríos | minutos=52
El corto «Gol» dura 12 minutos. | título=Gol | minutos=12
La ópera «Aurora» dura 160 minutos. | título=Aurora | minutos=160
""")
